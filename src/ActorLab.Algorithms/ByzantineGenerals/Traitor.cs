using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>What a traitor may do.</summary>
/// <param name="MaySayNothing">Whether he may leave out a message.</param>
/// <param name="KeepsFaces">
/// Whether he tells each general one story throughout, though another one to the next. Far fewer lies, and enough for most
/// violations; to show that something holds, it must hold for the lies without this bound.
/// </param>
public sealed record Lies(bool MaySayNothing = true, bool KeepsFaces = false);

/// <summary>
/// A traitor in the place of a general. He speaks whenever a loyal one would, and says anything: to each receiver, on each
/// path, any order or nothing. He cannot speak in the name of another (A2). To speak more often would gain him nothing: the
/// first word on a path counts. Nor would it to speak on a path on which nobody told him anything: had he been told to
/// retreat, which counts as much as silence, he could say the same, and that is another of the runs.
/// </summary>
/// <param name="council">What all know.</param>
/// <param name="lies">What he may do.</param>
public sealed class Traitor(Council council, Lies lies) : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    private readonly string?[] _words = lies.MaySayNothing ? [.. council.Orders, null] : [.. council.Orders];

    public NoDisk EmptyDisk => NoDisk.Instance;

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn)
    {
        var state = new GeneralState.Traitor(default);
        turn.Note("is a traitor");
        return council.Commanders.Contains(turn.Self.Node) ? Lie(state, RelayPath.Of(turn.Self.Node), turn) : state;
    }

    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn) =>
        message is Oral(var path, _) && path.Count <= council.M && council.IsPossible(path, sender.Node, turn.Self.Node)
            ? Lie((GeneralState.Traitor)state, path.Then(turn.Self.Node), turn)
            : state; // There is nothing that a loyal general would say to this.

    private GeneralState.Traitor Lie(GeneralState.Traitor state, RelayPath path, Turn<GeneralsMessage> turn)
    {
        foreach (var other in council.Others(path))
        {
            if (!lies.KeepsFaces || !state.Faces.TryGetValue(other, out var word))
            {
                word = turn.Choose(_words);
                state = lies.KeepsFaces ? new GeneralState.Traitor(state.Faces.Set(other, word)) : state;
            }

            if (word is null)
            {
                turn.Note($"says nothing to {other} on the path {path}");
            }
            else
            {
                turn.Tell(Council.AddressOf(other), new Oral(path, word));
            }
        }

        return state;
    }
}

/// <summary>A general of whom nobody knows whether he is loyal: the checker tries both.</summary>
/// <param name="loyal">What he is, or</param>
/// <param name="traitor">what he is instead.</param>
public sealed class Suspect(
    IRole<GeneralState, NoDisk, GeneralsMessage> loyal, IRole<GeneralState, NoDisk, GeneralsMessage> traitor)
    : IRole<GeneralState, NoDisk, GeneralsMessage>
{
    public NoDisk EmptyDisk => NoDisk.Instance;

    public GeneralState Boot(NoDisk disk, Turn<GeneralsMessage> turn) =>
        turn.Choose([true, false]) ? loyal.Boot(disk, turn) : traitor.Boot(disk, turn);

    public GeneralState Receive(GeneralState state, Address sender, GeneralsMessage message, Turn<GeneralsMessage> turn) =>
        state is GeneralState.Traitor
            ? traitor.Receive(state, sender, message, turn)
            : loyal.Receive(state, sender, message, turn);

    public GeneralState Expire(GeneralState state, Timer timer, Turn<GeneralsMessage> turn) =>
        loyal.Expire(state, timer, turn); // A traitor starts no timer.
}
