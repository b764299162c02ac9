using Microsoft.Data.Sqlite;

namespace ActorLab.Cluster.Tests;

public sealed class WriteAheadLogTests
{
    private const int HeaderBytes = 32;

    [Fact]
    public void A_whole_log_is_well()
    {
        using var folder = Crashed(commits: 6);
        Assert.Null(WriteAheadLog.DamageOf(Log(folder)));
        SqliteStore.Check(folder.Path, incarnation: 1);
    }

    [Fact]
    public void A_log_that_was_damaged_in_the_middle_is_refused_for_what_stands_behind_it_was_acknowledged()
    {
        using var folder = Crashed(commits: 6);
        Overwrite(folder, new FileInfo(Log(folder)).Length / 2);

        var refusal = Assert.Throws<NodeRefusal>(() => SqliteStore.Check(folder.Path, incarnation: 1));

        Assert.Contains("broken in the middle", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("empty one", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_without_its_header_is_refused()
    {
        using var folder = Crashed(commits: 2);
        Overwrite(folder, 16);
        Assert.Contains("header", WriteAheadLog.DamageOf(Log(folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_a_power_failure_tore_at_its_end_is_well_for_nobody_was_told_of_that_commit()
    {
        using var folder = Crashed(commits: 6);
        Overwrite(folder, new FileInfo(Log(folder)).Length - 100);
        Assert.Null(WriteAheadLog.DamageOf(Log(folder)));

        using var shorter = Crashed(commits: 6);
        using (var file = File.OpenWrite(Log(shorter)))
        {
            file.SetLength(file.Length - 1_000);
        }

        Assert.Null(WriteAheadLog.DamageOf(Log(shorter)));
    }

    [Fact]
    public void Frames_of_an_earlier_round_behind_the_end_are_no_damage()
    {
        using var folder = Crashed(commits: 2, earlier: 20);
        Assert.Null(WriteAheadLog.DamageOf(Log(folder)));
    }

    private static string Log(TemporaryFolder folder) => Path.Combine(folder.Path, SqliteStore.FileName + "-wal");

    private static void Overwrite(TemporaryFolder folder, long at)
    {
        using var file = File.OpenWrite(Log(folder));
        file.Position = at;
        file.Write([.. Enumerable.Repeat((byte)0x5a, 8)]);
    }

    /// <summary>What a killed process leaves: the database and its log, copied while it is open.</summary>
    private static TemporaryFolder Crashed(int commits, int earlier = 0)
    {
        using var live = new TemporaryFolder();
        var left = new TemporaryFolder();
        var path = Path.Combine(live.Path, SqliteStore.FileName);
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t(x TEXT);");
        for (var i = 0; i < earlier; i++)
        {
            Run("INSERT INTO t VALUES (hex(randomblob(3000)));");
        }

        Run(earlier > 0 ? "PRAGMA wal_checkpoint(RESTART);" : "SELECT 1;");
        for (var i = 0; i < commits; i++)
        {
            Run("INSERT INTO t VALUES (hex(randomblob(3000)));");
        }

        Assert.True(new FileInfo(path + "-wal").Length > HeaderBytes);
        File.Copy(path, Path.Combine(left.Path, SqliteStore.FileName));
        File.Copy(path + "-wal", Log(left));
        return left;

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
