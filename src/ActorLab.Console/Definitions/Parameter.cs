using System.Text.Json.Serialization;

namespace ActorLab.Console;

/// <summary>What a parameter's text must look like.</summary>
public enum ParameterKind
{
    /// <summary>Any text of at most <see cref="Parameter.MaxBytes"/> bytes of UTF-8.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number with a decimal point.</summary>
    Number,

    /// <summary>A number with a unit: <c>150ms</c>, <c>2s</c>, <c>1.5m</c>, <c>1h</c>. Its range is in seconds.</summary>
    Duration,

    /// <summary>A switch without a value: there or not.</summary>
    Flag,

    /// <summary>One of <see cref="Parameter.Allowed"/>.</summary>
    Choice,

    /// <summary>The name of a node of this lab.</summary>
    Node,

    /// <summary>Names of nodes of this lab, separated by commas, each once.</summary>
    NodeList,

    /// <summary>
    /// The text in a file: a user names it, and pbm reads it where it runs and sends its contents. The lab never opens a path that
    /// came over the network.
    /// </summary>
    File,
}

/// <summary>
/// One argument of a command. Each can be given by name (<c>--key=value</c>); a positional one also by its place.
/// The factories make mandatory positional parameters; <see cref="AsSwitch"/>, <see cref="Optional"/> and the
/// <c>Or</c> methods change that.
/// </summary>
public sealed record Parameter(string Name, string Description, ParameterKind Kind)
{
    /// <summary>May be given by its place; otherwise only as <c>--name</c>.</summary>
    public bool Positional { get; init; } = true;

    public bool Mandatory { get; init; } = true;

    /// <summary>What holds when nothing is given, in the form in which a user would type it.</summary>
    public string? Default { get; init; }

    /// <summary>The words that a <see cref="ParameterKind.Choice"/> takes.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Smallest value, inclusive; for a duration in seconds.</summary>
    public double? Minimum { get; init; }

    /// <summary>The smallest value itself is not allowed.</summary>
    public bool AboveMinimum { get; init; }

    /// <summary>Largest value, inclusive; for a duration in seconds.</summary>
    public double? Maximum { get; init; }

    /// <summary>Most bytes of UTF-8 that a text may have.</summary>
    public int MaxBytes { get; init; } = 4096;

    /// <summary>Whether the text may be empty (<c>""</c>).</summary>
    public bool MayBeEmpty { get; init; }

    public static Parameter Text(string name, string description, int maxBytes = 4096) =>
        new(name, description, ParameterKind.Text) { MaxBytes = maxBytes };

    public static Parameter Integer(string name, string description) => new(name, description, ParameterKind.Integer);

    public static Parameter Number(string name, string description) => new(name, description, ParameterKind.Number);

    public static Parameter Duration(string name, string description) => new(name, description, ParameterKind.Duration);

    /// <summary>A flag is always a switch, and never mandatory.</summary>
    public static Parameter Flag(string name, string description) =>
        new(name, description, ParameterKind.Flag) { Positional = false, Mandatory = false };

    public static Parameter Choice(string name, string description, params IReadOnlyList<string> allowed) =>
        new(name, description, ParameterKind.Choice) { Allowed = allowed };

    public static Parameter Node(string name, string description) => new(name, description, ParameterKind.Node);

    public static Parameter File(string name, string description, int maxBytes) =>
        new(name, description, ParameterKind.File) { MaxBytes = maxBytes, MayBeEmpty = true };

    public static Parameter NodeList(string name, string description) => new(name, description, ParameterKind.NodeList);

    /// <summary>Only by name, and optional (write <see cref="Required"/> after it where it is not).</summary>
    public Parameter AsSwitch() => this with { Positional = false, Mandatory = false };

    public Parameter Optional() => this with { Mandatory = false };

    public Parameter Required() => this with { Mandatory = true };

    /// <summary>Optional, with what holds when nothing is given, as a user would type it.</summary>
    public Parameter Or(string value) => this with { Mandatory = false, Default = value };

    /// <summary>Optional, with what holds when nothing is given.</summary>
    public Parameter Or(long value) => Or(value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Optional, with what holds when nothing is given.</summary>
    public Parameter Or(TimeSpan value) => Or(Durations.Format(value));

    public Parameter Between(double minimum, double maximum) => this with { Minimum = minimum, Maximum = maximum };

    /// <summary>More than a number, and at most another one.</summary>
    public Parameter Above(double minimum, double maximum) => Between(minimum, maximum) with { AboveMinimum = true };

    public Parameter Between(TimeSpan minimum, TimeSpan maximum) => Between(minimum.TotalSeconds, maximum.TotalSeconds);

    public Parameter OrEmpty() => this with { MayBeEmpty = true };

    /// <summary>How help and errors write it: <c>--name</c> for a switch, <c>name</c> for the rest.</summary>
    [JsonIgnore]
    public string Shown => Positional ? Name : "--" + Name;
}
