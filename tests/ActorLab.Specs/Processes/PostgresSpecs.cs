using ActorLab.Console;

namespace ActorLab.Specs.Processes;

/// <summary>A lab that keeps its disks in PostgreSQL.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class PostgresSpecs
{
    [PostgresFact]
    public async Task Nothing_is_acknowledged_while_the_database_is_gone_and_all_that_was_is_there_when_it_is_back()
    {
        await using var database = await PostgresServer.Start();
        await using var lab = await LabProcess.Start("--nodes=3", $"--store=postgres={database.Connection}");
        var acknowledged = new List<int>();
        await Append(1, 5);
        Assert.Equal([1, 2, 3, 4, 5], acknowledged);

        await database.Kill();
        await Append(6, 6);
        Assert.DoesNotContain(6, acknowledged);

        await database.Up();
        await lab.Until(async () => (await lab.Pbm("raft append log 7, --timeout 2s")).Exit == ExitCode.Success, LabProcess.StartLimit, "the store takes writes again");
        var (exit, value) = await lab.Pbm("raft get log");
        Assert.Equal(ExitCode.Success, exit);
        var there = value.Trim().TrimEnd(',').Split(',').Select(int.Parse).ToList();

        // What was not acknowledged may be there too, once; appends of 7 may have been tried more than once.
        Assert.Equal([1, 2, 3, 4, 5], there.Where(number => number < 6));
        Assert.InRange(there.Count(number => number == 6), 0, 1);
        Assert.Contains(7, there);

        Assert.Equal(ExitCode.Success, (await lab.Pbm("node kill n2")).Exit);
        Assert.Equal(ExitCode.Success, (await lab.Pbm("node start n2")).Exit);
        Assert.Equal(value, (await lab.Pbm("raft get log --node n2")).Output);

        async Task Append(int first, int last)
        {
            for (var number = first; number <= last; number++)
            {
                if ((await lab.Pbm($"raft append log {number}, --timeout 3s")).Exit == ExitCode.Success)
                {
                    acknowledged.Add(number);
                }
            }
        }
    }

    [Theory]
    [InlineData("postgres=Host=127.0.0.1;Port=1;Username=lab;Password=secret", ExitCode.Failed, "The PostgreSQL database cannot be used")]
    [InlineData("postgres=Hosst=127.0.0.1;Password=secret", ExitCode.BadInput, "cannot be read")]
    [InlineData("postgres=Username=lab;Password=secret", ExitCode.BadInput, "names no Host")]
    public async Task A_database_that_cannot_be_used_is_one_sentence_without_its_password(string store, int exit, string sentence)
    {
        var folder = LabProcess.NewFolder();
        var up = await LabProcess.RunToEnd(folder, "up", "--nodes=3", "--port=0", $"--store={store}");
        Assert.Equal(exit, up.Exit);
        Assert.Contains(sentence, up.Error);
        Assert.DoesNotContain("secret", up.Error + up.Output);
        Directory.Delete(folder, recursive: true);
    }
}
