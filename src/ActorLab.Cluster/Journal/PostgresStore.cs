using Akka.Configuration;
using Npgsql;

namespace ActorLab.Cluster;

/// <summary>
/// The journals of a lab in a PostgreSQL database: a schema for each node, named after the lab and the node, so that several
/// labs share a database and no node mistakes the tables of another for its own. Every commit is synced.
/// </summary>
public static class PostgresStore
{
    /// <summary>
    /// The environment variable with the connection string, from the launcher to its nodes: it may hold a password, which belongs
    /// neither into a file of the lab nor into the arguments of a process, where others can read it.
    /// </summary>
    public const string Variable = "ACTORLAB_POSTGRES";

    private const string JournalTable = "journal";

    /// <summary>A connection string in the form of libpq's keywords or of Npgsql, with what the lab insists on.</summary>
    /// <exception cref="FormatException">It is none; the sentence does not repeat it.</exception>
    public static string Checked(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(connection.Host))
            {
                throw new FormatException("The connection string of PostgreSQL names no Host, such as Host=127.0.0.1;Database=lab;Username=lab;Passfile=/path/of/pgpass.");
            }

            connection.ApplicationName ??= "actorlab";
            connection.Options = "-c synchronous_commit=on -c client_min_messages=warning";
            connection.Timeout = 5;
            return connection.ToString();
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException)
        {
            // The exception may quote what it could not read, a password for example.
            throw new FormatException("The connection string of PostgreSQL cannot be read: write it as Host=127.0.0.1;Database=lab;Username=lab;Passfile=/path/of/pgpass.");
        }
    }

    /// <summary>Makes sure that the database answers and keeps what it acknowledges.</summary>
    /// <exception cref="NodeRefusal">It does not, or it does not sync.</exception>
    public static void Check(string connection) => Do(connection, database =>
    {
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            using var command = new NpgsqlCommand($"show {setting}", database);
            if (command.ExecuteScalar() as string != "on")
            {
                throw new NodeRefusal($"The database runs with {setting} off: it may lose what the lab acknowledged.");
            }
        }
    });

    /// <summary>Makes the node's schema if it is not there.</summary>
    /// <param name="connection">See <see cref="Checked"/>.</param>
    /// <param name="schema">See <see cref="SchemaOf"/>.</param>
    /// <param name="incarnation">The last incarnation that ran; 0 for none. A node that ran before has a journal.</param>
    /// <exception cref="NodeRefusal">The database does not answer, or the journal is gone.</exception>
    public static void Open(string connection, string schema, long incarnation) => Do(connection, database =>
    {
        using var find = new NpgsqlCommand("select to_regclass(format('%I.%I', $1, $2)) is not null", database)
        {
            Parameters = { new() { Value = schema }, new() { Value = JournalTable } },
        };
        if (incarnation > 0 && find.ExecuteScalar() is false)
        {
            throw new NodeRefusal(
                $"The database has no journal of this node (schema {schema}), but it ran before (incarnation {incarnation}) and would forget what "
                + "it promised. Restore the database, or start the lab with --fresh.");
        }

        using var make = new NpgsqlCommand($"create schema if not exists {Quote(schema)}", database);
        make.ExecuteNonQuery();
    });

    /// <summary>Deletes what a lab kept.</summary>
    /// <exception cref="NodeRefusal">The database does not answer.</exception>
    public static void Drop(string connection, string lab) => Do(connection, database =>
    {
        using var find = new NpgsqlCommand("select nspname from pg_namespace where nspname like $1", database)
        {
            Parameters = { new() { Value = SchemaOf(lab, "").Replace("_", "\\_", StringComparison.Ordinal) + "%" } },
        };
        var schemas = new List<string>();
        using (var reader = find.ExecuteReader())
        {
            while (reader.Read())
            {
                schemas.Add(reader.GetString(0));
            }
        }

        foreach (var schema in schemas)
        {
            using var drop = new NpgsqlCommand($"drop schema {Quote(schema)} cascade", database);
            drop.ExecuteNonQuery();
        }
    });

    /// <param name="lab">Its identity.</param>
    /// <param name="node">Its name.</param>
    public static string SchemaOf(string lab, string node) => $"actorlab_{lab}_{node}";

    /// <summary>What the journal and the snapshot store of a node need.</summary>
    internal static Config Hocon(string connection, string schema) => LabHocon.FromPairs(new Dictionary<string, string>(
        new[] { "akka.persistence.journal.sql", "akka.persistence.snapshot-store.sql" }.SelectMany(plugin => new KeyValuePair<string, string>[]
        {
            new($"{plugin}.connection-string", LabHocon.Quote(connection)),
            new($"{plugin}.provider-name", LabHocon.Quote("PostgreSQL.15")),
            new($"{plugin}.default.schema-name", LabHocon.Quote(schema)),
            new($"{plugin}.auto-initialize", "true"),
        })));

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Do(string connection, Action<NpgsqlConnection> work)
    {
        try
        {
            using var database = new NpgsqlConnection(connection);
            database.Open();
            work(database);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new NodeRefusal($"The PostgreSQL database cannot be used: {e.Message}. Check that it runs, and that its user may connect and make schemas.", e);
        }
    }
}
