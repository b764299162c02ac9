using System.Globalization;
using System.Text;

namespace ActorLab.Console;

/// <summary>
/// Checks raw arguments against a command's definition and gives them their types. This runs on the host, before the
/// handler: a client is never trusted to have checked anything.
/// </summary>
public static class ArgumentBinder
{
    /// <param name="palette">The name of the command's palette, for sentences.</param>
    /// <param name="command">The definition.</param>
    /// <param name="raw">Values by parameter name, as typed.</param>
    /// <param name="nodes">The nodes of this lab; null where a host has none and any name goes.</param>
    /// <exception cref="BadInput">An unknown, missing, repeated or wrong argument.</exception>
    public static Arguments Bind(
        string palette,
        Command command,
        IReadOnlyDictionary<string, IReadOnlyList<string>> raw,
        IReadOnlyList<string>? nodes)
    {
        foreach (var name in raw.Keys.Where(name => command.Parameters.All(p => p.Name != name)).Order(StringComparer.Ordinal))
        {
            throw new BadInput(Suggest.Unknown($"{palette} {command.Name} switch", name, command.Parameters.Select(p => p.Name)));
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var parameter in command.Parameters)
        {
            if (raw.TryGetValue(parameter.Name, out var given) && given.Count > 0)
            {
                values[parameter.Name] = Read(parameter, given, nodes);
            }
            else if (parameter.Default is not null)
            {
                values[parameter.Name] = Read(parameter, [parameter.Default], nodes);
            }
            else if (parameter.Mandatory)
            {
                throw new BadInput($"{palette} {command.Name} wants {parameter.Shown}: {parameter.Description}.{ExampleOf(command)}");
            }
        }
        return new Arguments(values);
    }

    private static string ExampleOf(Command command) => command.Example.Length == 0 ? "" : $" Example: {command.Example}";

    private static object Read(Parameter parameter, IReadOnlyList<string> given, IReadOnlyList<string>? nodes)
    {
        if (parameter.Kind == ParameterKind.NodeList)
        {
            return ReadNodes(parameter, given, nodes);
        }

        if (given.Count > 1)
        {
            throw new BadInput($"{parameter.Shown} was given {given.Count} times; it takes one value.");
        }

        var text = given[0];
        return parameter.Kind switch
        {
            ParameterKind.Text or ParameterKind.File => ReadText(parameter, text),
            ParameterKind.Integer => ReadInteger(parameter, text),
            ParameterKind.Number => ReadNumber(parameter, text),
            ParameterKind.Duration => ReadDuration(parameter, text),
            ParameterKind.Flag => ReadFlag(parameter, text),
            ParameterKind.Choice => parameter.Allowed.Contains(text)
                ? text
                : throw new BadInput(Suggest.Unknown(parameter.Shown, text, parameter.Allowed)),
            ParameterKind.Node => ReadNode(text, nodes),
            _ => throw new InvalidOperationException($"There is no reader for {parameter.Kind}."),
        };
    }

    private static string ReadText(Parameter parameter, string text)
    {
        if (text.Length == 0 && !parameter.MayBeEmpty)
        {
            throw new BadInput($"{parameter.Shown} is empty; it wants {parameter.Description}.");
        }

        int bytes;
        try
        {
            bytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new BadInput($"{parameter.Shown} holds half of a character (an unpaired surrogate); give whole ones.");
        }
        return bytes <= parameter.MaxBytes
            ? text
            : throw new BadInput($"{parameter.Shown} has {bytes} bytes; at most {parameter.MaxBytes} are allowed.");
    }

    private static object ReadInteger(Parameter parameter, string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new BadInput($"{parameter.Shown} wants a whole number, not \"{SafeText.Shorten(text, 60)}\".");
        }

        RequireRange(parameter, number, text, n => n.ToString("0", CultureInfo.InvariantCulture));
        return number;
    }

    private static object ReadNumber(Parameter parameter, string text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            throw new BadInput($"{parameter.Shown} wants a number such as 0.25, not \"{SafeText.Shorten(text, 60)}\".");
        }

        RequireRange(parameter, number, text, n => n.ToString(CultureInfo.InvariantCulture));
        return number;
    }

    private static object ReadDuration(Parameter parameter, string text)
    {
        if (!Durations.TryParse(text, out var duration))
        {
            throw new BadInput($"{parameter.Shown} wants a time with its unit, such as 150ms, 2s, 1.5m or 1h, not \"{SafeText.Shorten(text, 60)}\".");
        }

        RequireRange(parameter, duration.TotalSeconds, text, n => Durations.Format(TimeSpan.FromSeconds(n)));
        return duration;
    }

    private static object ReadFlag(Parameter parameter, string text) => text switch
    {
        "" or "true" => true,
        "false" => false,
        _ => throw new BadInput($"{parameter.Shown} takes no value: it is there or not; \"{SafeText.Shorten(text, 60)}\" is neither true nor false."),
    };

    private static void RequireRange(Parameter parameter, double number, string text, Func<double, string> show)
    {
        var least = parameter.Minimum is { } minimum ? show(minimum) : null;
        var most = parameter.Maximum is { } maximum ? show(maximum) : null;
        if (!(number < parameter.Minimum) && !(number > parameter.Maximum) && !(parameter.AboveMinimum && number == parameter.Minimum))
        {
            return;
        }

        var range = (least, most) switch
        {
            (not null, not null) when parameter.AboveMinimum => $"above {least}, up to {most}",
            (not null, not null) => $"between {least} and {most}",
            (not null, null) => $"at least {least}",
            _ => $"at most {most}",
        };
        throw new BadInput($"{parameter.Shown} must be {range}, not {SafeText.Shorten(text, 60)}.");
    }

    private static List<string> ReadNodes(Parameter parameter, IReadOnlyList<string> given, IReadOnlyList<string>? nodes)
    {
        var names = new List<string>();
        foreach (var name in given.SelectMany(g => g.Split(',')).Select(n => n.Trim()))
        {
            if (names.Contains(name))
            {
                throw new BadInput($"{parameter.Shown} names {SafeText.Shorten(name, 60)} twice.");
            }

            names.Add(ReadNode(name, nodes));
        }
        return names;
    }

    private static string ReadNode(string name, IReadOnlyList<string>? nodes)
    {
        if (nodes is not null ? nodes.Contains(name) : name.Length is > 0 and <= 255)
        {
            return name;
        }

        throw new BadInput(Suggest.Unknown("node", name, nodes ?? []));
    }
}
