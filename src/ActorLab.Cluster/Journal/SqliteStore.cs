using System.Data;
using System.Runtime.CompilerServices;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ActorLab.Cluster;

/// <summary>
/// The SQLite file of a node: with a write-ahead log, and synced on every commit, so that what is acknowledged survives
/// a power failure.
/// </summary>
public static class SqliteStore
{
    public const string FileName = "journal.db";

    private const int BusyTimeoutMillis = 5_000;

    /// <summary>
    /// The tables of Akka.Persistence.Sql's default mapping, with no index but the one that finds a role's events. Those that
    /// the plugin would add, by time and by number alone, and its counter of rows serve queries that the lab never makes, and
    /// would add four pages of 4 KiB to what each commit writes twice.
    /// </summary>
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS journal (
          ordering INTEGER NOT NULL PRIMARY KEY,
          created INTEGER NOT NULL,
          deleted BIT NOT NULL,
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          message VARBINARY NOT NULL,
          tags NVARCHAR(100),
          manifest NVARCHAR(500),
          identifier INTEGER,
          writer_uuid NVARCHAR(128));
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot (
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          created INTEGER NOT NULL,
          snapshot VARBINARY,
          manifest NVARCHAR(500),
          serializer_id INTEGER,
          CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number));
        """;

    /// <summary>What an actor system needs to keep its journal in this folder; <see cref="Check"/> has made it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="pragmas">More pragmas for each connection, such as <c>PRAGMA max_page_count = 100</c>.</param>
    public static DataOptionsSetup Setup(string folder, string pragmas = "") => new(Options(folder, pragmas));

    internal static DataOptions Options(string folder, string pragmas)
    {
        // A connection is opened for each event, but most come from a pool and have their pragmas already: nobody else sets others.
        var prepared = new ConditionalWeakTable<sqlite3, object>();
        return new DataOptions()
            .UseConnectionString("SQLite.MS", ConnectionString(folder))
            .UseAfterConnectionOpened(connection =>
            {
                var handle = ((SqliteConnection)connection).Handle!;
                if (!prepared.TryGetValue(handle, out _))
                {
                    Prepare(connection, pragmas);
                    prepared.AddOrUpdate(handle, handle);
                }
            });
    }

    /// <summary>Makes the file and its tables if they are not there, sets its mode, and checks that it is whole.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="incarnation">
    /// The last incarnation that ran on the folder; 0 for none. A node that ran before has a journal: without it the node
    /// would start with no memory of its promises.
    /// </param>
    /// <exception cref="NodeRefusal">It is damaged, no SQLite file, cannot be opened, or is missing though the node ran before.</exception>
    public static void Check(string folder, long incarnation = 0)
    {
        var path = Path.Combine(folder, FileName);
        if (incarnation > 0 && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw new NodeRefusal(Lost(path, File.Exists(path) ? "empty" : "missing", incarnation));
        }

        if (WriteAheadLog.DamageOf($"{path}-wal") is { } damage)
        {
            throw new NodeRefusal(Damaged(path, damage));
        }

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

            Prepare(connection, Tables);
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

    private static string Lost(string path, string how, long incarnation) =>
        $"The journal {path} is {how}, but this node ran before (incarnation {incarnation}) and would forget what it promised. Restore "
        + "the file, or move the whole folder away and start the node with an empty one; in a replicated service only while a "
        + "majority of the other nodes is whole.";

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
