namespace ActorLab.Core;

/// <summary>A value that an operation takes.</summary>
/// <param name="Name">Lower case; the name of the switch on the console.</param>
/// <param name="Summary">One phrase.</param>
/// <param name="MaxBytes">The limit of its UTF-8 form.</param>
/// <param name="Optional">Whether it may be left out.</param>
/// <param name="Flag">Whether its only value is <c>true</c>: on the console a switch without a value.</param>
/// <param name="Example">What examples of the command have in its place; null for the name.</param>
public sealed record OperationParameter(
    string Name, string Summary, int MaxBytes, bool Optional = false, bool Flag = false, string? Example = null);

/// <summary>An operation that users of a scenario may ask for: declared once, for console, HTTP and workloads.</summary>
/// <param name="Name">Lower case; the name of the command.</param>
/// <param name="Summary">One phrase.</param>
/// <param name="Parameters">In the order of the command line.</param>
/// <param name="Role">The role that takes it, such as <c>client</c>.</param>
/// <param name="Build">The command for these arguments; throws <see cref="FormatException"/> with a sentence.</param>
public sealed record OperationKind(
    string Name,
    string Summary,
    Seq<OperationParameter> Parameters,
    string Role,
    Func<Map<string, string>, object> Build);
