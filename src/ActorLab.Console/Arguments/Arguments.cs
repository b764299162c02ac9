namespace ActorLab.Console;

/// <summary>
/// The checked arguments of one call. Asking for a parameter that the definition does not have, or with another type,
/// is a mistake of the handler and throws <see cref="InvalidOperationException"/>; so does asking for the value of an
/// optional one that was not given: ask <see cref="Has"/> first, or use the <c>OrNull</c> forms.
/// </summary>
public sealed class Arguments(IReadOnlyDictionary<string, object> values)
{
    /// <summary>Whether a value was given or defaulted.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    public bool Flag(string name) => values.TryGetValue(name, out var value) && As<bool>(name, value);

    public T Get<T>(string name) => values.TryGetValue(name, out var value)
        ? As<T>(name, value)
        : throw new InvalidOperationException($"The handler asked for \"{name}\", which was not given and has no default.");

    public T? GetOrNull<T>(string name) where T : class =>
        values.TryGetValue(name, out var value) ? As<T>(name, value) : null;

    public T? ValueOrNull<T>(string name) where T : struct =>
        values.TryGetValue(name, out var value) ? As<T>(name, value) : null;

    private static T As<T>(string name, object value) => value is T typed
        ? typed
        : throw new InvalidOperationException($"The handler asked for \"{name}\" as {typeof(T).Name}; its definition makes it {value.GetType().Name}.");
}
