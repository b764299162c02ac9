using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// Whether one order of the messages of a round may stand for all: the order makes no difference to any role, and no message that
/// waits changes what is true of worlds. A sample of the worlds that are explored, from first to last, for at each it takes many
/// steps that the exploration does not; and what comes to wait only after others arrived, in all orders, on the first worlds.
/// For one thread.
/// </summary>
internal sealed class RoundCheck(RoleSpace space)
{
    private const int SampleOfWorlds = 100;
    private const long AllOfTheFirst = 1_000;
    private const ulong OfTheRest = 256;

    private ulong _oneOf = 1;

    /// <summary>At how many worlds it was tried.</summary>
    public long Tried { get; private set; }

    /// <summary>Which worlds are tried from here on depends on how many are known, and not on who explores them.</summary>
    public void Thin(long distinct) => _oneOf = distinct < AllOfTheFirst ? 1 : OfTheRest;

    private readonly Successors _successors = new(space);

    /// <summary>Tries it on the first worlds, where all orders are explored.</summary>
    /// <param name="space">A space of its own: what is learned here must not number what the exploration numbers.</param>
    /// <param name="cancellation">Ends it early; the exploration that follows then ends at once.</param>
    /// <exception cref="ArgumentException">It may not.</exception>
    public static void Sample(RoleSpace space, CancellationToken cancellation)
    {
        var check = new RoundCheck(space);
        var successors = new Successors(space);
        var verifier = new Verifier(space, [.. space.Properties.Select(_ => true)]);
        var queue = new Queue<int[]>();
        var seen = new HashSet<Fingerprint>();
        int[] nothing = new int[space.Slots];
        successors.From(nothing, Successors.Of(space, nothing));
        space.Starts(successors);
        Enqueue();
        for (var count = 0; count < SampleOfWorlds && !cancellation.IsCancellationRequested && queue.TryDequeue(out var world); count++)
        {
            check.IsTrue(world, verifier, learn: true);
            successors.From(world, Successors.Of(space, world));
            _ = space.IsAmidRound(world) ? space.AllDeliveries(world, successors, learn: true) : space.Steps(world, successors, learn: true);
            Enqueue();
        }

        void Enqueue()
        {
            for (var step = 0; step < successors.Count; step++)
            {
                if (!successors.HasFailedAt(step) && seen.Add(successors.FingerprintAt(step)))
                {
                    queue.Enqueue(successors.Build(step).ToArray());
                }
            }
        }
    }

    /// <summary>Whether it may; false if something had to be learned to tell.</summary>
    /// <exception cref="ArgumentException">It may not.</exception>
    public bool IsTrue(ReadOnlySpan<int> world, Verifier verifier, bool learn)
    {
        if (!space.IsAmidRound(world) || (_oneOf > 1 && Successors.Of(space, world).High % _oneOf != 0))
        {
            return true;
        }

        if (!space.IsOrderless(world, learn))
        {
            return false;
        }

        _successors.From(world, Successors.Of(space, world));
        if (!space.AllDeliveries(world, _successors, learn))
        {
            return false;
        }

        for (var property = 0; property < verifier.Properties; property++)
        {
            if (space.Properties[property] is Property.Always)
            {
                Require(property, world, verifier);
            }
        }

        Tried++;
        return true;
    }

    private void Require(int property, ReadOnlySpan<int> world, Verifier verifier)
    {
        var before = verifier.Decides(property, world, out _);
        for (var step = 0; step < _successors.Count; step++)
        {
            if (!_successors.HasFailedAt(step) && verifier.Decides(property, _successors.Build(step), out _) != before)
            {
                var label = space.LabelOf(_successors.LabelAt(step));
                throw new ArgumentException(
                    $"{space.Name} says that the messages of its rounds may arrive in any order, but {space.Properties[property].Name} "
                    + $"changes within a round, when {Canonical.Text(((Input.Deliver)label.Detail!).Message)} arrives at {label.Process}.");
            }
        }
    }
}
