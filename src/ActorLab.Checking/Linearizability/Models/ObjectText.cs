using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>Operations on textbook objects, as people write them.</summary>
internal static class ObjectText
{
    public static string Of(HistoryOperation operation)
    {
        var key = operation.Command is ObjectCommand { Key: { Length: > 0 } known } ? $" {known}" : "";
        var asked = operation.Command switch
        {
            ObjectCommand.Read => $"read{key}",
            ObjectCommand.Write write => $"write{key} {Text(write.Value)}",
            ObjectCommand.CompareAndSet cas => $"cas{key} {Text(cas.Expected)} to {Text(cas.Value)}",
            ObjectCommand.Append append => $"append{key} {Text(append.Value)}",
            ObjectCommand.Enqueue enqueue => $"enqueue{key} {Text(enqueue.Value)}",
            ObjectCommand command => $"{command.GetType().Name.ToLowerInvariant()}{key}",
            _ => operation.Command.ToString()!,
        };
        return (operation.Outcome, operation.Reply) switch
        {
            (Outcome.Unknown, _) => $"{asked}: unknown",
            (Outcome.Failed, _) => $"{asked}: failed",
            (_, ObjectReply.Value value) => $"{asked}: {Text(value.Text)}",
            (_, ObjectReply.Swapped { Succeeded: false }) => $"{asked}: differs",
            (_, ObjectReply.Empty) => $"{asked}: empty",
            _ => asked,
        };
    }

    private static string Text(string? value) => value switch { null => "nil", "" => "\"\"", _ => value };
}
