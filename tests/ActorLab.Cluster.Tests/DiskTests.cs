using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace ActorLab.Cluster.Tests;

public sealed class DiskTests
{
    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path))
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => cluster.Put("n1", $"t{i}")));
            Assert.Equal(300, cluster.State("n1").Disk.Kept.Count);
        }

        await using var again = await ToyCluster.Start(["n1"], folder.Path);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"t{i}"), again.State("n1").Disk.Kept);
        Assert.Equal(Outcome.Ok, (await again.Put("n1", "more")).Outcome);
        Assert.Equal(301, again.State("n1").Disk.Kept.Count);
    }

    [Fact]
    public async Task A_checkpoint_takes_the_place_of_the_events_before_it_and_a_boot_reads_it_and_what_is_behind()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["actorlab.journal.checkpoint-rows"] = "10" };
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path, settings: settings))
        {
            for (var i = 0; i < 95; i++)
            {
                Assert.Equal(Outcome.Ok, (await cluster.Put("n1", $"t{i}")).Outcome);
            }

            await Eventually.True(() => Rows(folder, "journal") < 25 && Rows(folder, "snapshot") == 1, "old events and checkpoints are deleted");
        }

        await using var again = await ToyCluster.Start(["n1"], folder.Path, settings: settings);
        Assert.Equal(Enumerable.Range(0, 95).Select(i => $"t{i}"), again.State("n1").Disk.Kept);
        Assert.Equal(Outcome.Ok, (await again.Put("n1", "more")).Outcome);
    }

    [Theory]
    [InlineData("DELETE FROM snapshot", "are missing, and no checkpoint has them")]
    [InlineData("DELETE FROM journal WHERE deleted = 0 AND sequence_number = (SELECT max(sequence_number) - 2 FROM journal)", "are missing")]
    [InlineData("UPDATE snapshot SET snapshot = x'0102030405060708090a'", "the checksum of its checkpoint is wrong")]
    public async Task A_lost_or_changed_checkpoint_halts_the_role_before_it_forgets_a_promise(string damage, string reason)
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["actorlab.journal.checkpoint-rows"] = "10" };
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path, settings: settings))
        {
            for (var i = 0; i < 17; i++)
            {
                Assert.Equal(Outcome.Ok, (await cluster.Put("n1", $"t{i}")).Outcome);
            }

            await Eventually.True(() => Rows(folder, "journal") < 12 && Rows(folder, "snapshot") == 1, "a checkpoint is there");
        }

        using (var connection = new SqliteConnection($"Data Source={Journal(folder)}"))
        {
            connection.Open();
            Query(connection, damage);
        }

        await using var damaged = await ToyCluster.Start(["n1"], folder.Path, settings: settings);
        var role = damaged["n1"].Toy().Role(ToyRole.Name)!;
        Assert.True(role.Damaged);
        Assert.Contains(reason, role.HaltReason, StringComparison.Ordinal);
    }

    /// <summary>Nothing is deleted before the checkpoint is durable; without one the journal stays, and so does all it holds.</summary>
    [Fact]
    public async Task A_checkpoint_that_fails_costs_no_event()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["actorlab.journal.checkpoint-rows"] = "10",
            ["akka.persistence.snapshot-store.plugin"] = "akka.persistence.no-snapshot-store",
        };
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path, settings: settings))
        {
            for (var i = 0; i < 35; i++)
            {
                Assert.Equal(Outcome.Ok, (await cluster.Put("n1", $"t{i}")).Outcome);
            }

            Assert.Equal(35, Rows(folder, "journal"));
        }

        await using var again = await ToyCluster.Start(["n1"], folder.Path, settings: settings);
        Assert.Equal(35, again.State("n1").Disk.Kept.Count);
    }

    private static long Rows(TemporaryFolder folder, string table)
    {
        using var connection = new SqliteConnection($"Data Source={Journal(folder)}");
        connection.Open();
        return (long)Query(connection, $"SELECT count(*) FROM {table}")!;
    }

    [Fact]
    public async Task A_journal_syncs_each_commit_behind_a_write_ahead_log()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await ToyCluster.Start(["n1"], folder.Path);
        await cluster.Put("n1", "x");
        using var connection = new SqliteConnection($"Data Source={Journal(folder)}");
        connection.Open();
        Assert.Equal("wal", Query(connection, "PRAGMA journal_mode"));
        Assert.True(File.Exists(Journal(folder) + "-wal"));
        Assert.Equal(0L, Query(connection, "SELECT count(*) FROM journal WHERE message IS NULL"));
    }

    [Fact]
    public async Task A_full_disk_halts_the_role_with_its_reason_and_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new List<string>();
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path, pragmas: "PRAGMA max_page_count = 40;"))
        {
            for (var i = 0; ; i++)
            {
                var text = $"{i}:{new string('x', 10_000)}";
                var result = await cluster.Put("n1", text);
                if (result.Outcome != Outcome.Ok)
                {
                    Assert.Equal(Outcome.Unknown, result.Outcome);
                    break;
                }

                acknowledged.Add(text);
            }

            await Eventually.True(() => cluster["n1"].Toy().Role(ToyRole.Name)!.HaltReason is not null, "the role halts");
            Assert.Contains("full", cluster["n1"].Toy().Role(ToyRole.Name)!.HaltReason, StringComparison.Ordinal);
            var refused = await cluster.Put("n1", "one more");
            Assert.Equal(Outcome.Failed, refused.Outcome);
            Assert.Contains("full", refused.Reason, StringComparison.Ordinal);
        }

        Assert.NotEmpty(acknowledged);
        await using var roomy = await ToyCluster.Start(["n1"], folder.Path);
        Assert.Equal(acknowledged, roomy.State("n1").Disk.Kept.Take(acknowledged.Count));
        Assert.Equal(Outcome.Ok, (await roomy.Put("n1", "room again")).Outcome);
    }

    [Fact]
    public async Task A_changed_byte_in_the_journal_halts_the_role_before_it_forgets_a_promise()
    {
        using var folder = new TemporaryFolder();
        await using (var cluster = await ToyCluster.Start(["n1"], folder.Path))
        {
            await cluster.Put("n1", "a promise");
        }

        using (var connection = new SqliteConnection($"Data Source={Journal(folder)}"))
        {
            connection.Open();
            Query(connection, "UPDATE journal SET message = x'0102030405060708090a'");
        }

        await using var damaged = await ToyCluster.Start(["n1"], folder.Path);
        var role = damaged["n1"].Toy().Role(ToyRole.Name)!;
        Assert.True(role.Damaged);
        Assert.False(role.Running);
        Assert.Contains("cannot be read", role.HaltReason, StringComparison.Ordinal);
        Assert.Contains("empty one", role.HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, SqliteStore.FileName), [.. Enumerable.Repeat((byte)0x5a, 8_192)]);
        var refusal = Assert.Throws<NodeRefusal>(() => SqliteStore.Check(folder.Path));
        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("empty one", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "missing")]
    [InlineData(true, "empty")]
    public void A_node_that_ran_before_does_not_start_without_its_journal(bool emptied, string how)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, SqliteStore.FileName);
        SqliteStore.Check(folder.Path, incarnation: 0);
        SqliteStore.Check(folder.Path, incarnation: 1);

        SqliteConnection.ClearAllPools();
        File.Delete(path);
        if (emptied)
        {
            File.WriteAllText(path, "");
        }

        var refusal = Assert.Throws<NodeRefusal>(() => SqliteStore.Check(folder.Path, incarnation: 1));
        Assert.Contains($"is {how}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Restore the file, or move the whole folder away", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(emptied, File.Exists(path));
    }

    /// <summary>A connection of the pool keeps its pragmas, and one that others opened gets them: what is acknowledged is synced.</summary>
    [Fact]
    public void Every_connection_is_synced_on_every_commit_however_often_it_is_opened()
    {
        using var folder = new TemporaryFolder();
        SqliteStore.Check(folder.Path);
        foreach (var pages in new[] { 77, 88 })
        {
            using (var careless = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.Path, SqliteStore.FileName), Pooling = true }.ToString()))
            {
                careless.Open();
                using var command = careless.CreateCommand();
                command.CommandText = "PRAGMA synchronous = OFF";
                command.ExecuteNonQuery();
            }

            var options = SqliteStore.Options(folder.Path, $"PRAGMA max_page_count = {pages}");
            for (var i = 0; i < 3; i++)
            {
                using var one = new DataConnection(options);
                using var another = new DataConnection(options);
                foreach (var connection in new[] { one, another })
                {
                    Assert.Equal(2, connection.Execute<long>("PRAGMA synchronous")); // FULL
                    Assert.Equal(5_000, connection.Execute<long>("PRAGMA busy_timeout"));
                    Assert.Equal(pages, connection.Execute<long>("PRAGMA max_page_count"));
                }
            }
        }
    }

    private static string Journal(TemporaryFolder folder) => Path.Combine(folder.Path, "n1", SqliteStore.FileName);

    private static object? Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
