namespace ActorLab.Core;

/// <summary>A message that carries one of the role within, or none.</summary>
internal interface ICarrier
{
    object? Carried { get; }

    string OwnName { get; }
}

/// <summary>
/// What people call the kinds of messages: by the type's name, such as <c>AppendEntries</c>. A frame of a
/// <see cref="ReliableLink{TState,TDisk,TMessage}"/> has the name of what it carries, or <c>Acknowledge</c>.
/// </summary>
public static class MessageNames
{
    public static string Of(object message) =>
        message is not ICarrier carrier ? message.GetType().Name
        : carrier.Carried is { } carried ? carried.GetType().Name
        : carrier.OwnName;

    /// <summary>Of all messages that the roles of a scenario take.</summary>
    public static Set<string> Of(Scenario scenario) =>
        scenario.Placements.Select(placement => placement.Role.MessageType).Distinct().SelectMany(OfType).ToSet();

    private static IEnumerable<string> OfType(Type type) => type.IsAssignableTo(typeof(ICarrier))
        ? OfType(type.GetGenericArguments()[0]).Append(nameof(FrameKind.Acknowledge))
        : type.IsAbstract ? type.GetNestedTypes().Where(one => one.IsSubclassOf(type)).SelectMany(OfType)
        : [type.Name];
}
