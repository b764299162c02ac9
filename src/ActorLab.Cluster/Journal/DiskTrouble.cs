using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorLab.Cluster;

/// <summary>What a failure of the disk means for the role.</summary>
internal enum DiskTrouble
{
    /// <summary>It may work again: the role crashes and boots from what the disk has.</summary>
    Passing,

    /// <summary>No room: the role halts, and nothing is lost.</summary>
    Full,

    /// <summary>What was kept cannot be read: the role halts before it forgets a promise.</summary>
    Damaged,
}

internal static class DiskTroubles
{
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteNotADatabase = 26;

    // SQLite cannot enlarge the shared-memory file of its write-ahead log.
    private const int SqliteIoErrorShmSize = 4874;

    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static DiskTrouble Of(Exception? failure) => failure switch
    {
        null => DiskTrouble.Passing,
        DamagedDisk => DiskTrouble.Damaged,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => DiskTrouble.Full,
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.UndefinedTable } => DiskTrouble.Damaged,
        SqliteException { SqliteErrorCode: SqliteFull } => DiskTrouble.Full,
        SqliteException { SqliteExtendedErrorCode: SqliteIoErrorShmSize } => DiskTrouble.Full,
        SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } => DiskTrouble.Damaged,
        IOException { HResult: LinuxNoSpace or WindowsDiskFull or WindowsHandleDiskFull } => DiskTrouble.Full,
        AggregateException many => many.InnerExceptions.Select(Of).Max(),
        _ => Of(failure.InnerException),
    };
}
