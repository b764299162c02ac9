using System.Buffers.Binary;

namespace ActorLab.Cluster;

/// <summary>
/// Tells a write-ahead log of SQLite that was damaged from one whose end was torn by a power failure. SQLite reads up to
/// the first frame whose checksum is wrong and forgets the rest without a word: right for a torn end, but after damage in
/// the middle acknowledged transactions would be gone, and a role would come back having forgotten its promises.
/// Every commit of the lab is synced before the next begins, so at most the last transaction can be torn: two commits
/// from the first bad frame on are damage.
/// </summary>
/// <remarks>The format: sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log". Numbers are big-endian.</remarks>
internal static class WriteAheadLog
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682; // the lowest bit says that checksums read big-endian words
    private const int LeastPage = 512;
    private const int LargestPage = 65_536;

    /// <summary>What is wrong with a log; null when it is whole, torn at its end only, or not there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? DamageOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenRead(path);
        var header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null; // nothing was ever committed to it
        }

        var bigEndian = (Word(header, 0) & 1) == 1;
        var page = (int)Word(header, 8);
        if ((Word(header, 0) & ~1u) != Magic || page is < LeastPage or > LargestPage
            || Sum(default, header.AsSpan(0, 24), bigEndian) != Stored(header, 24))
        {
            return "the header of its write-ahead log is not whole";
        }

        return CommitsFromFirstBadFrame(file, header, page, bigEndian) is var lost and > 1
            ? $"its write-ahead log is broken in the middle: {lost} commits stand behind a frame that is not whole"
            : null;
    }

    private static int CommitsFromFirstBadFrame(FileStream file, byte[] header, int page, bool bigEndian)
    {
        var frame = new byte[FrameHeaderBytes + page];
        var before = Stored(header, 24);
        var (bad, commits) = (false, 0);
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            var sum = Sum(Sum(before, frame.AsSpan(0, 8), bigEndian), frame.AsSpan(FrameHeaderBytes), bigEndian);
            var ofThisLog = frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8)); // older frames have other salts
            var whole = ofThisLog && sum == Stored(frame, 16);
            bad |= !whole;
            var commit = Word(frame, 4) != 0;
            commits += bad && ofThisLog && commit ? 1 : 0;
            before = Stored(frame, 16); // sums run on, so the next frame is judged by what this one says
        }

        return commits;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static (uint, uint) Stored(ReadOnlySpan<byte> bytes, int at) => (Word(bytes, at), Word(bytes, at + 4));

    private static (uint, uint) Sum((uint First, uint Second) sum, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        for (var i = 0; i < bytes.Length; i += 8)
        {
            sum.First += Read(bytes[i..]) + sum.Second;
            sum.Second += Read(bytes[(i + 4)..]) + sum.First;
        }

        return sum;

        uint Read(ReadOnlySpan<byte> word) =>
            bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(word) : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
