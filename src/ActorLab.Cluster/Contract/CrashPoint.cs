namespace ActorLab.Cluster;

/// <summary>
/// Where the process of a node ends by itself, as in a power cut: in the first turn in which a role notes something. The body of
/// <c>PUT /scenarios/{scenario}/crash-point</c>.
/// </summary>
/// <param name="Role">Such as <c>coordinator</c>.</param>
/// <param name="Note">How the note begins, see <see cref="Turn{TMessage}.Note"/>.</param>
/// <param name="AfterDisk">Whether the turn's disk is written first. Of its messages none leaves but those that may leave before the disk.</param>
public sealed record CrashPoint(string Role, string Note, bool AfterDisk)
{
    internal bool IsIn(IReadOnlyList<Effect> effects, Address self, bool afterDisk) =>
        AfterDisk == afterDisk && self.Role == Role
        && effects.OfType<Effect.Note>().Any(note => note.Text.StartsWith(Note, StringComparison.Ordinal));
}
