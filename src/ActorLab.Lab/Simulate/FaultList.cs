using System.Globalization;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Lab;

/// <summary>Reads <c>--faults</c>: <c>all</c>, <c>none</c>, or names with optional rates, separated by commas.</summary>
internal static class FaultList
{
    /// <summary>How far clocks are off where the clock fault is asked for.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private static readonly FaultOptions All = FaultOptions.All;

    private static readonly Fault[] Known =
    [
        Rate("drop", All.Messages.Drop, "messages vanish", (faults, rate) => faults with { Messages = faults.Messages with { Drop = rate } }),
        Rate("duplicate", All.Messages.Duplicate, "messages arrive twice", (faults, rate) => faults with { Messages = faults.Messages with { Duplicate = rate } }),
        Rate("reorder", All.Messages.Reorder, "messages overtake", (faults, rate) => faults with { Messages = faults.Messages with { Reorder = rate } }),
        Rate("corrupt", All.Messages.Corrupt, "messages change on the way, and are thrown away", (faults, rate) => faults with { Messages = faults.Messages with { Corrupt = rate } }),
        Every("delay", TimeSpan.FromMilliseconds(10), "messages take up to so much longer, few of them the most", (faults, most) => Delayed(faults, most, hasTail: true)),
        Every("delay.uniform", TimeSpan.FromMilliseconds(10), "the same, all delays equally likely", (faults, most) => Delayed(faults, most, hasTail: false)),
        Every("crash", All.CrashEvery, "a node crashes and restarts", (faults, every) => Crashing(faults) with { CrashEvery = every }),
        Rate("power", 1, "so many of the crashes take all nodes at once", (faults, rate) => Crashing(faults) with { PowerCut = rate }),
        Every("partition", All.PartitionEvery, "links are cut, in any shape", (faults, every) => faults with { PartitionEvery = every, Shapes = All.Shapes }),
        Shape("split", PartitionShape.Split, "two groups"),
        Shape("isolate", PartitionShape.Isolate, "one node is alone"),
        Shape("ring", PartitionShape.MajorityRing, "each node hears another majority"),
        Shape("bridge", PartitionShape.Bridge, "two halves, and a node between"),
        Shape("one-way", PartitionShape.OneWay, "one direction of one link"),
        Shape("flapping", PartitionShape.Flapping, "one node is cut off and heard by turns"),
        Every("pause", All.PauseEvery, "a node stands still and goes on", (faults, every) => faults with { PauseEvery = every }),
        Every("slow", All.SlowEvery, "a node's messages take longer", (faults, every) => faults with { SlowEvery = every }),
        Rate("disk", All.TornRecord, "crashes tear the record that is being written, and rot the disk of a minority", (faults, rate) => Crashing(faults) with { TornRecord = rate, BitRot = All.BitRot }),
        Rate("disk.torn", All.TornRecord, "crashes tear the record that is being written", (faults, rate) => Crashing(faults) with { TornRecord = rate }),
        Rate("disk.rot", All.BitRot, "bits of a disk flip, and the node stays down", (faults, rate) => Crashing(faults) with { BitRot = rate }),
        Rate("disk.lying", 0.2, "crashes take acknowledged writes; not among all, for no algorithm here survives it", (faults, rate) => Crashing(faults) with { DiskLies = rate }),
        Every("clock", All.ClockEvery, "clocks jump and drift", (faults, every) => faults with { ClockEvery = every }),
    ];

    /// <summary>For the help: every name with its default and what it does.</summary>
    public static string Help => string.Join("\n", Known.Select(fault => $"  {fault.Name}={fault.Default}  {fault.Summary}"));

    /// <summary>The faults that are asked for.</summary>
    /// <param name="text">Such as <c>drop=0.05,crash=2s</c> or <c>all,disk.lying</c>.</param>
    /// <param name="keepsOrder">The scenario needs links that keep order, so that <c>all</c> does not reorder.</param>
    /// <exception cref="BadInput">An unknown name, or a rate that makes no sense.</exception>
    public static FaultOptions Parse(string text, bool keepsOrder)
    {
        var faults = FaultOptions.None;
        var names = new HashSet<string>();
        foreach (var part in text.Split(','))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at].Trim(), part[(at + 1)..].Trim()) : (part.Trim(), null);
            if (!names.Add(name))
            {
                throw new BadInput($"--faults has {SafeText.Shorten(name, 40)} twice: which counts?");
            }

            if (names.Count > 1 && names.Contains("none"))
            {
                throw new BadInput("--faults has none, and others beside it: none stands alone.");
            }

            if (name is "all" or "none" && value is null)
            {
                faults = name == "none" ? faults
                    : All with { Messages = keepsOrder ? All.Messages with { Reorder = 0 } : All.Messages };
                continue;
            }

            var fault = Known.FirstOrDefault(known => known.Name == name)
                ?? throw new BadInput(Suggest.Unknown("fault", name, [.. Known.Select(known => known.Name), "all", "none"]));
            faults = fault.Apply(faults, value);
        }

        return faults;
    }

    /// <summary>How wrong clocks may be in a run with these faults.</summary>
    public static TimeSpan ClockErrorOf(FaultOptions faults) => faults.ClockEvery > TimeSpan.Zero ? ClockError : TimeSpan.Zero;

    /// <summary>With crashes: one node at a time, unless power cuts are asked for.</summary>
    private static FaultOptions Crashing(FaultOptions faults) =>
        faults.CrashEvery > TimeSpan.Zero ? faults : faults with { CrashEvery = All.CrashEvery, SendsInCrash = All.SendsInCrash, PowerCut = 0 };

    private static FaultOptions Delayed(FaultOptions faults, TimeSpan most, bool hasTail) => faults with
    {
        Messages = faults.Messages with
        {
            Delay = new MessageDelay(Wait.Micros(0, (long)most.TotalMicroseconds), hasTail),
        },
    };

    private static Fault Shape(string name, PartitionShape shape, string summary) => Every(
        $"partition.{name}", All.PartitionEvery, summary, (faults, every) => faults with
        {
            PartitionEvery = every,
            Shapes = faults.PartitionEvery > TimeSpan.Zero && faults.Shapes.Count < All.Shapes.Count ? faults.Shapes.Add(shape) : [shape],
        });

    private static Fault Rate(string name, double otherwise, string summary, Func<FaultOptions, double, FaultOptions> set) => new(
        name, otherwise.ToString(CultureInfo.InvariantCulture), summary, (faults, text) =>
            text is null ? set(faults, otherwise)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1 ? set(faults, rate)
            : throw new BadInput($"{name}={SafeText.Shorten(text, 40)} is no rate: write a number from 0 to 1, such as {name}=0.05."));

    private static Fault Every(string name, TimeSpan otherwise, string summary, Func<FaultOptions, TimeSpan, FaultOptions> set) => new(
        name, ActorLab.Console.Durations.Format(otherwise), summary, (faults, text) =>
            text is null ? set(faults, otherwise)
            : ActorLab.Console.Durations.TryParse(text, out var time) && time > TimeSpan.Zero && time <= LongestDelay ? set(faults, time)
            : throw new BadInput($"{name}={SafeText.Shorten(text, 40)} is no time: write a number and a unit, up to 1h, such as {name}=2s."));

    private sealed record Fault(string Name, string Default, string Summary, Func<FaultOptions, string?, FaultOptions> Apply);
}
