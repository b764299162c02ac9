using System.Data;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace ActorLab.Cluster;

/// <summary>
/// The SQLite file of a node: with a write-ahead log, and synced on every commit, so that what is acknowledged survives
/// a power failure.
/// </summary>
public static class SqliteStore
{
    public const string FileName = "journal.db";

    private const int BusyTimeoutMillis = 5_000;

    /// <summary>What an actor system needs to keep its journal in this folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="pragmas">More pragmas for each connection, such as <c>PRAGMA max_page_count = 100</c>.</param>
    public static DataOptionsSetup Setup(string folder, string pragmas = "")
    {
        var options = new DataOptions()
            .UseConnectionString("SQLite.MS", ConnectionString(folder))
            .UseAfterConnectionOpened(connection => Prepare(connection, pragmas));
        return new DataOptionsSetup(options);
    }

    /// <summary>Makes the file if it is not there, sets its mode, and checks that it is whole.</summary>
    /// <exception cref="NodeRefusal">It is damaged, no SQLite file, or cannot be opened.</exception>
    public static void Check(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var connection = new SqliteConnection(ConnectionString(folder));
            connection.Open();
            Prepare(connection, "PRAGMA journal_mode = WAL;");
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            var answer = command.ExecuteScalar() as string;
            if (answer != "ok")
            {
                throw new NodeRefusal(Damaged(path, answer ?? "no answer"));
            }
        }
        catch (SqliteException e) when (DiskTroubles.Of(e) == DiskTrouble.Damaged)
        {
            throw new NodeRefusal(Damaged(path, e.Message), e);
        }
        catch (SqliteException e)
        {
            throw new NodeRefusal($"The journal {path} cannot be opened: {e.Message} Check that this user may write there and that the disk has room.", e);
        }
    }

    private static string Damaged(string path, string what) =>
        $"The journal {path} is damaged ({what}). Restore a copy, or move the folder away and start the node with an empty one; "
        + "in a replicated service only while a majority of the other nodes is whole.";

    private static string ConnectionString(string folder) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, FileName),
        Pooling = true,
    }.ToString();

    private static void Prepare(IDbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA busy_timeout = {BusyTimeoutMillis}; PRAGMA synchronous = FULL; {pragmas}";
        command.ExecuteNonQuery();
    }
}
