using ActorLab.Core;

namespace ActorLab.Simulation;

/// <summary>
/// A temporal formula in a run that ends with a quiet part. A run is finite, so what must come true gets the second half of
/// the quiet part to do so: what was owed at its middle, or from before, must be paid when the time is up; what is owed only
/// since then is not judged.
/// </summary>
/// <remarks>
/// eventually P: P held in some world of the run. Always eventually P: P held in some world from the middle on. Eventually
/// always P: P held in all worlds from the middle on. P leads to Q: of every world up to the middle in which P held, that
/// world or a later one has Q. Of several of these joined by and, each. Other forms are not judged.
/// </remarks>
internal abstract class Promise(long middle)
{
    protected long Middle => middle;

    /// <summary>How a run judges a formula; null where it cannot.</summary>
    public static Promise? Of(Formula formula, long middle) =>
        formula switch
        {
            Formula.Eventually { Of: Formula.Always { Of: var p } } when IsState(p) => new Recurs(p, true, middle),
            Formula.Always { Of: Formula.Eventually { Of: var p } } when IsState(p) => new Recurs(!p, false, middle),
            Formula.Always { Of: Formula.Or { Left: var p, Right: Formula.Eventually { Of: var q } } } when IsState(p) && IsState(q) =>
                new Response(!p, q, middle),
            Formula.Eventually { Of: var p } when IsState(p) => new Once(p, middle),
            Formula.And { Left: var left, Right: var right } when Of(left, middle) is { } one && Of(right, middle) is { } two =>
                new Both(one, two, middle),
            _ => null,
        };

    /// <summary>Whether only what is so from the middle on counts: it need see nothing before.</summary>
    public virtual bool StartsInTheMiddle => false;

    /// <summary>Whether nothing that comes can change what is said of it when the time is up.</summary>
    public abstract bool IsSettled { get; }

    /// <summary>The world is another one now.</summary>
    public abstract void See(IWorld world, long now);

    /// <summary>Why it was not kept, as a sentence; null when it was.</summary>
    public abstract string? Broken(long end);

    private static bool IsState(Formula formula) => formula switch
    {
        Formula.Now => true,
        Formula.Not not => IsState(not.Of),
        Formula.And and => IsState(and.Left) && IsState(and.Right),
        Formula.Or or => IsState(or.Left) && IsState(or.Right),
        _ => false,
    };

    private static bool Holds(Formula formula, IWorld world) => formula switch
    {
        Formula.Now now => now.Holds(world),
        Formula.Not not => !Holds(not.Of, world),
        Formula.And and => Holds(and.Left, world) && Holds(and.Right, world),
        Formula.Or or => Holds(or.Left, world) || Holds(or.Right, world),
        _ => throw new InvalidOperationException("Only formulas about a single world hold in one."),
    };

    private static string Seconds(long micros) => FormattableString.Invariant($"{micros / 1e6:0.000} s");

    private sealed class Once(Formula p, long middle) : Promise(middle)
    {
        private bool _held;

        public override bool IsSettled => _held;

        public override void See(IWorld world, long now) => _held = _held || Holds(p, world);

        public override string? Broken(long end) => _held ? null : "It was never so.";
    }

    /// <summary>
    /// What may not be so at any time from the middle on (eventually always not), or not all of the time.
    /// </summary>
    private sealed class Recurs(Formula p, bool always, long middle) : Promise(middle)
    {
        private bool? _is;

        /// <summary>The last moment at which p did not hold.</summary>
        private long _lastNot = -1;

        public override bool StartsInTheMiddle => true;

        public override bool IsSettled => _lastNot > Middle;

        public override void See(IWorld world, long now)
        {
            var holds = Holds(p, world);
            _lastNot = holds && _is is not false ? _lastNot : now; // what did not hold did not hold until now
            _is = holds;
        }

        public override string? Broken(long end)
        {
            var lastNot = _is is false && !IsSettled ? end : _lastNot;
            return always
                ? lastNot <= Middle ? null : $"It was not so at {Seconds(lastNot)}, though all was quiet since before {Seconds(Middle)}."
                : lastNot >= Middle ? null : $"It was not so again after {Seconds(Math.Max(0, lastNot))}, though all was quiet.";
        }
    }

    private sealed class Response(Formula p, Formula q, long middle) : Promise(middle)
    {
        private const long Nothing = long.MaxValue;
        private long _owedSince = Nothing;

        public override bool IsSettled => false;

        public override void See(IWorld world, long now) => _owedSince =
            Holds(q, world) ? Nothing
            : _owedSince == Nothing && Holds(p, world) ? now
            : _owedSince;

        public override string? Broken(long end) =>
            _owedSince > Middle ? null : $"It was owed since {Seconds(_owedSince)} and did not come until {Seconds(end)}.";
    }

    private sealed class Both(Promise one, Promise two, long middle) : Promise(middle)
    {
        public override bool StartsInTheMiddle => one.StartsInTheMiddle && two.StartsInTheMiddle;

        public override bool IsSettled => one.IsSettled && two.IsSettled;

        public override void See(IWorld world, long now)
        {
            one.See(world, now);
            two.See(world, now);
        }

        public override string? Broken(long end) => one.Broken(end) ?? two.Broken(end);
    }
}
