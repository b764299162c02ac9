using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>Draws what a crash leaves of the writes under way.</summary>
internal sealed class CrashChances(SimulationOptions options)
{
    private const int MostForgotten = 4;

    private readonly FaultOptions _faults = options.Faults;
    private readonly RandomStream _writes = RandomStream.Named(options.Seed, "faults/writes");
    private readonly RandomStream _sends = RandomStream.Named(options.Seed, "faults/sends");
    private readonly RandomStream _torn = RandomStream.Named(options.Seed, "faults/torn");
    private readonly RandomStream _lies = RandomStream.Named(options.Seed, "faults/lies");

    public WriteLoss Of(RoleSlot role)
    {
        var covered = role.Disk.Covered;
        var written = covered == 0 ? 0 : _writes.Next(covered + 1);
        var leaving = written == 0 || !_sends.Chance(_faults.SendsInCrash) ? 0
            : role.Disk.Waiting.Take(written).Sum(turn => turn.Effects.Count(WaitsForDisk));
        var sent = leaving == 0 ? 0 : _sends.Next(leaving + 1);
        var torn = _torn.Chance(_faults.TornRecord) && FrameAfter(role, written) is { } frame ? _torn.Next(frame.Length) : 0;
        var forgotten = _lies.Chance(_faults.DiskLies) ? 1 + _lies.Next(MostForgotten) : 0;
        return new WriteLoss(role.Address, written, sent, torn, forgotten);
    }

    /// <summary>Whether an effect leaves after the sync of its turn.</summary>
    public static bool WaitsForDisk(Effect effect) =>
        effect is Effect.Send { Early: false } or Effect.Report { Event: not HistoryEvent.Invoked };

    /// <summary>The record that is being written when so many are; null where there is none.</summary>
    public static byte[]? FrameAfter(RoleSlot role, int written)
    {
        var disk = role.Disk.Synced;
        foreach (var turn in role.Disk.Waiting.Take(role.Disk.Covered))
        {
            if (written-- > 0)
            {
                disk = turn.Disk ?? disk;
            }
            else if (turn.Disk is not null)
            {
                return DiskFrame.Write(role.Binding.WriteDelta(disk, turn.Disk));
            }
        }

        return null;
    }
}
