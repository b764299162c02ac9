using ActorLab.Cluster;
using ActorLab.Console;
using Npgsql;

namespace ActorLab.Specs.Processes;

/// <summary>
/// Checkpoints of disks in PostgreSQL: what they replace is deleted, and neither a node's end nor the database's own, in the
/// middle of one, loses what was acknowledged.
/// </summary>
[Collection(nameof(ProcessSpecs))]
public sealed class PostgresCheckpointSpecs
{
    private const int CheckpointRows = 8;

    private static readonly string[] Nodes = ["n1", "n2", "n3"];

    [PostgresFact]
    public async Task Nodes_that_were_killed_have_from_their_checkpoints_all_that_was_acknowledged()
    {
        await using var database = await PostgresServer.Start();
        await using var lab = await Start(database);
        await Append(lab, 1, 60);
        foreach (var node in Nodes)
        {
            await lab.Until(
                async () => await Look(database, lab, node) is { Clean: true, At: > 2 * CheckpointRows, Rows: < 3 * CheckpointRows },
                LabProcess.StartLimit,
                $"{node} has deleted what several checkpoints replaced");
        }

        // One that its peers could help; then all at once, which have their disks alone.
        foreach (var killed in (string[])["n2", "n1,n2,n3"])
        {
            await Succeeds(lab, $"node kill {killed}");
            var left = await Task.WhenAll(killed.Split(',').Select(node => Look(database, lab, node)));
            Assert.All(left, disk => Assert.True(
                disk is { Checkpoints: > 0, First: > 2 * CheckpointRows }, $"its first events are gone, so it boots from a checkpoint: {disk}"));
            await Succeeds(lab, $"node start {killed}");
            foreach (var node in Nodes)
            {
                Assert.Equal(Enumerable.Range(1, 60), await Read(lab, node));
            }
        }

        var mark = await Look(database, lab, "n2");
        await Append(lab, 61, 90);
        await lab.Until(
            async () => await Look(database, lab, "n2") is { Clean: true } now && now.At > mark.At,
            LabProcess.StartLimit,
            "a node that came back takes checkpoints as before");
        Assert.Equal(Enumerable.Range(1, 90), await Read(lab, "n2"));
    }

    [PostgresFact]
    public async Task A_database_that_ends_in_the_middle_of_a_checkpoint_takes_nothing_with_it()
    {
        await using var database = await PostgresServer.Start();
        await using var lab = await Start(database);
        await Append(lab, 1, 30);

        // Whoever writes a checkpoint waits for these locks, and the journal goes on.
        var locks = await Task.WhenAll(Nodes.Select(node => Connected(database)));
        try
        {
            foreach (var (held, node) in locks.Zip(Nodes))
            {
                await Do(held, $"begin; lock table {Schema(lab, node)}.snapshot in share mode");
            }

            foreach (var node in Nodes)
            {
                await lab.Until(
                    async () => await Look(database, lab, node) is { Clean: true },
                    LabProcess.StartLimit,
                    $"{node} has deleted what its last checkpoint replaced");
            }

            var before = await Task.WhenAll(Nodes.Select(node => Look(database, lab, node)));
            await Append(lab, 31, 31 + (3 * CheckpointRows));
            foreach (var node in Nodes)
            {
                await lab.Until(async () => await Waits(database, lab, node), LabProcess.StartLimit, $"{node} is writing a checkpoint");
            }

            // Nothing is deleted for a checkpoint that is not there yet.
            var after = await Task.WhenAll(Nodes.Select(node => Look(database, lab, node)));
            Assert.Equal(before.Select(disk => (disk.At, disk.First)), after.Select(disk => (disk.At, disk.First)));
            Assert.All(before.Zip(after), pair => Assert.True(pair.Item2.Rows > pair.Item1.Rows, "the journal goes on"));
            await database.Kill();
        }
        finally
        {
            foreach (var held in locks)
            {
                await held.DisposeAsync();
            }
        }

        Assert.NotEqual(ExitCode.Success, (await lab.Pbm("raft append log 1000, --timeout 2s")).Exit);
        await database.Up();
        await lab.Until(
            async () => (await lab.Pbm("raft append log 2000, --timeout 2s")).Exit == ExitCode.Success,
            LabProcess.StartLimit,
            "the store takes writes again");

        // What was not acknowledged may be there too; appends of 2000 may have been tried more than once.
        Assert.Equal(Enumerable.Range(1, 31 + (3 * CheckpointRows)), (await Read(lab, "n1")).Where(number => number < 1000));

        var marks = await Task.WhenAll(Nodes.Select(node => Look(database, lab, node)));
        await Append(lab, 3000, 3000 + (3 * CheckpointRows));
        foreach (var (mark, node) in marks.Zip(Nodes))
        {
            await lab.Until(
                async () => await Look(database, lab, node) is { Clean: true } now && now.At > mark.At,
                LabProcess.StartLimit,
                $"{node} takes checkpoints again");
        }

        await Succeeds(lab, "node kill n1,n2,n3");
        await Succeeds(lab, "node start n1,n2,n3");
        var whole = Enumerable.Range(1, 31 + (3 * CheckpointRows)).Concat(Enumerable.Range(3000, 1 + (3 * CheckpointRows)));
        foreach (var node in Nodes)
        {
            Assert.Equal(whole, (await Read(lab, node)).Where(number => number is not (1000 or 2000)));
        }
    }

    private static Task<LabProcess> Start(PostgresServer database) => LabProcess.Start(
        "--nodes=3", $"--store=postgres={database.Connection}", "--settings", $"actorlab.journal.checkpoint-rows={CheckpointRows}",
        "actorlab.raft.election-timeout-earliest=400ms", "actorlab.raft.election-timeout-latest=800ms");

    /// <summary>One acknowledged append after the other: each is an event in the journal of a majority at least.</summary>
    private static async Task Append(LabProcess lab, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            await Succeeds(lab, $"raft append log {number}, --timeout 20s");
        }
    }

    private static async Task Succeeds(LabProcess lab, string line)
    {
        var (exit, output) = await lab.Pbm(line);
        Assert.True(exit == ExitCode.Success, $"{line}: {output}");
        await lab.NodePids();
    }

    /// <summary>The numbers in the store, as a node has them once it serves reads.</summary>
    private static async Task<IReadOnlyList<int>> Read(LabProcess lab, string node)
    {
        var value = "";
        await lab.Until(
            async () =>
            {
                (var exit, value) = await lab.Pbm($"raft get log --node {node} --timeout 2s");
                return exit == ExitCode.Success;
            },
            LabProcess.StartLimit,
            $"{node} answers reads");
        return [.. value.Trim().TrimEnd(',').Split(',').Select(int.Parse)];
    }

    /// <summary>What the database has of the disk of a node's server.</summary>
    /// <param name="Checkpoints">How many.</param>
    /// <param name="At">The last event that the newest of them has; 0 without any.</param>
    /// <param name="Rows">How many journal events are not deleted.</param>
    /// <param name="First">The first of these, or the next one.</param>
    private sealed record Disk(long Checkpoints, long At, long Rows, long First)
    {
        /// <summary>One checkpoint, and right behind it the journal.</summary>
        public bool Clean => Checkpoints == 1 && First == At + 1;
    }

    private static async Task<Disk> Look(PostgresServer database, LabProcess lab, string node)
    {
        await using var connection = await Connected(database);
        var schema = Schema(lab, node);
        var sql = $"""
            select checkpoints, at, count(sequence_number), coalesce(min(sequence_number), at + 1)
            from (select count(*) as checkpoints, coalesce(max(sequence_number), 0) as at from {schema}.snapshot where persistence_id = $1) as newest
            left join {schema}.journal on persistence_id = $1 and not deleted group by checkpoints, at
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = $"raft/{node}/server" } } };
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return new Disk(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    /// <summary>Whether a checkpoint of the node waits for its table.</summary>
    private static async Task<bool> Waits(PostgresServer database, LabProcess lab, string node)
    {
        await using var connection = await Connected(database);
        await using var command = new NpgsqlCommand(
            $"select exists(select from pg_locks where not granted and relation = '{Schema(lab, node)}.snapshot'::regclass)", connection);
        return await command.ExecuteScalarAsync() is true;
    }

    private static async Task Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> Connected(PostgresServer database)
    {
        // A pool would keep connections to a server that has ended.
        var connection = new NpgsqlConnection($"{database.Connection};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static string Schema(LabProcess lab, string node) => PostgresStore.SchemaOf(lab.Run.LabId, node);
}
