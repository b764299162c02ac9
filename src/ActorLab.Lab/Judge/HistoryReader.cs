using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Makes a history of recorded events: whose completion belongs to which invocation, and what both mean.</summary>
internal static class HistoryReader
{
    public const int MostOperations = 1_000_000;

    private const int MostLetters = 40;

    /// <summary>The history. Its times are the places of the events in the file.</summary>
    /// <param name="events">In the order in which they happened.</param>
    /// <param name="words">What the functions mean.</param>
    /// <exception cref="FormatException">A sentence with the line.</exception>
    public static FileHistory Read(IReadOnlyList<HistoryLine> events, IWords words)
    {
        var operations = new List<HistoryOperation>();
        var open = new Dictionary<(string Process, string Operation), (int Place, HistoryLine Asked)>();
        for (var at = 0; at < events.Count; at++)
        {
            var read = events[at];
            var id = (read.Process, read["op"]?.Text ?? "");
            if (read.Process == "nemesis" || read.Process == ":nemesis")
            {
                continue; // It breaks things, and asks nothing.
            }

            if (read.Type == "invoke")
            {
                if (open.TryGetValue(id, out var earlier))
                {
                    throw new FormatException(
                        $"Line {read.Line}: process {read.Process} asks while what it asked in line {earlier.Asked.Line} is open.");
                }

                if (operations.Count == MostOperations)
                {
                    throw new FormatException($"Line {read.Line}: there are more than {MostOperations:N0} operations.");
                }

                open[id] = (operations.Count, read);
                operations.Add(new HistoryOperation(
                    ClientOf(read.Process), NumberOf(read, operations.Count + 1), words.CommandOf(read), at, null, Outcome.Unknown, null));
                continue;
            }

            if (!open.Remove(id, out var asked))
            {
                throw new FormatException($"Line {read.Line}: process {read.Process} has nothing open that could be {read.Type}.");
            }

            if (asked.Asked.F != read.F)
            {
                throw new FormatException(
                    $"Line {read.Line}: process {read.Process} asked for {asked.Asked.F} in line {asked.Asked.Line}, and this is of {read.F}.");
            }

            Compare(asked.Asked, read, words.HasAnswer(operations[asked.Place].Command));
            var (outcome, reply) = words.EndOf(operations[asked.Place].Command, read);
            operations[asked.Place] = operations[asked.Place] with
            {
                CompletedAt = at,
                Outcome = outcome,
                Reply = reply,
                Reason = outcome == Outcome.Ok ? "" : read["error"]?.Text ?? read["reason"]?.Text ?? read.Type,
            };
        }

        return new FileHistory(new History(Seq.ToSeq(operations)), [.. events.Select(read => read.Line)]);
    }

    /// <summary>
    /// What a completion says again of its call is the same: its key, and its value, unless that is an answer. A keyword,
    /// such as <c>:timed-out</c>, is why it did not succeed, and nil says nothing.
    /// </summary>
    /// <exception cref="FormatException">It is not the same.</exception>
    private static void Compare(HistoryLine asked, HistoryLine heard, bool isAnswer)
    {
        if (heard["key"] is { } key && !Edn.AreSame(key, asked["key"] ?? new Edn.Nil()))
        {
            throw Differs(asked, heard, "key", key);
        }

        if (heard["value"] is not { } value || value is Edn.Nil || (heard.Type != "ok" && value is Edn.Atom { IsKeyword: true }))
        {
            return;
        }

        var before = asked["value"] ?? new Edn.Nil();
        if (isAnswer ? heard.Type == "ok" && before is not Edn.Nil && !Edn.AreSame(value, before) : !Edn.AreSame(value, before))
        {
            throw Differs(asked, heard, "value", value);
        }
    }

    private static FormatException Differs(HistoryLine asked, HistoryLine heard, string what, Edn value)
    {
        var before = asked[what] is { } known and not Edn.Nil ? $"{what} {Shown(known)}" : $"no {what}";
        return new FormatException(
            $"Line {heard.Line}: process {heard.Process} asked for {asked.F} with {before} in line {asked.Line}, "
            + $"and this has {what} {Shown(value)}.");

        static string Shown(Edn value) => SafeText.Shorten(value.Text is "" ? "\"\"" : value.Text ?? "nil", MostLetters);
    }

    private static long NumberOf(HistoryLine read, int otherwise) =>
        long.TryParse(read["op"]?.Text, out var number) ? number : otherwise;

    private static Address ClientOf(string process) => process.Split('/') is [{ Length: > 0 } node, { Length: > 0 } role]
        ? new Address(new NodeId(node), role)
        : new Address(new NodeId(process), "");
}

/// <summary>A history, and where each of its events is in its file.</summary>
/// <param name="History">Its times are the places of the events.</param>
/// <param name="Lines">The line of each event, from 1.</param>
internal sealed record FileHistory(History History, IReadOnlyList<int> Lines);

/// <summary>What the functions of recorded events mean to a model.</summary>
internal interface IWords
{
    /// <exception cref="FormatException">The model has no such function, or something is missing.</exception>
    object CommandOf(HistoryLine asked);

    /// <summary>Whether the value of its completion is what it was answered, and not what it was called with.</summary>
    bool HasAnswer(object command);

    /// <exception cref="FormatException">What must be known of the reply is missing.</exception>
    (Outcome Outcome, object? Reply) EndOf(object command, HistoryLine heard);
}

/// <summary>The textbook objects.</summary>
internal sealed class ObjectWords(HistoryModel model) : IWords
{
    private static readonly Dictionary<string, string[]> Functions = new()
    {
        ["register"] = ["read", "write"],
        ["cas-register"] = ["read", "write", "cas"],
        ["kv"] = ["get", "put", "append", "delete", "cas"],
        ["mutex"] = ["acquire", "release"],
        ["queue"] = ["enqueue", "dequeue"],
    };

    private HistoryLine? _first;

    public object CommandOf(HistoryLine asked)
    {
        if (!Functions[model.Name].Contains(asked.F))
        {
            throw new FormatException(
                $"Line {asked.Line}: the model {model.Name} has {string.Join(", ", Functions[model.Name])}, not \"{SafeText.Shorten(asked.F, 40)}\".");
        }

        var key = KeyOf(asked) ?? "";
        return asked.F switch
        {
            "read" or "get" => new ObjectCommand.Read { Key = key },
            "write" or "put" => new ObjectCommand.Write(Value(asked).Text) { Key = key },
            "append" => new ObjectCommand.Append(Value(asked).Text ?? throw Missing(asked)) { Key = key },
            "delete" => new ObjectCommand.Delete { Key = key },
            "acquire" => new ObjectCommand.Acquire { Key = key },
            "release" => new ObjectCommand.Release { Key = key },
            "enqueue" => new ObjectCommand.Enqueue(Value(asked).Text) { Key = key },
            "dequeue" => new ObjectCommand.Dequeue { Key = key },
            _ => Pair(asked) is var (from, to) ? new ObjectCommand.CompareAndSet(from.Text, to.Text) { Key = key } : throw Missing(asked),
        };
    }

    public bool HasAnswer(object command) => command is ObjectCommand.Read or ObjectCommand.Dequeue;

    public (Outcome Outcome, object? Reply) EndOf(object command, HistoryLine heard) => (heard.Type, command) switch
    {
        ("info", _) => (Outcome.Unknown, null),

        // Without another error, a comparison fails because the value was not the expected one, which says something.
        ("fail", ObjectCommand.CompareAndSet) when heard["error"] is null && heard["value"] is not Edn.Atom { IsKeyword: true } =>
            (Outcome.Ok, new ObjectReply.Swapped(false)),
        ("fail", _) => (Outcome.Failed, null),
        (_, ObjectCommand.Read) => (Outcome.Ok, new ObjectReply.Value(Value(heard).Text)),
        (_, ObjectCommand.CompareAndSet) => (Outcome.Ok, new ObjectReply.Swapped(Truth(heard, "swapped") ?? true)),
        (_, ObjectCommand.Dequeue) => (Outcome.Ok, Value(heard).Text is { } item ? new ObjectReply.Value(item) : new ObjectReply.Empty()),
        _ => (Outcome.Ok, ObjectReply.Ok),
    };

    /// <summary>
    /// The key; null where the history is of one object. A store has keys, and so have all operations where one has: one without
    /// would be of an object of its own, and explain everything.
    /// </summary>
    private string? KeyOf(HistoryLine asked)
    {
        var key = asked["key"]?.Text;
        if (key is null && model.Name == ValueModel.KeyValue.Name)
        {
            throw Missing(asked, "key");
        }

        _first ??= asked;
        var first = _first["key"]?.Text;
        return (key is null) == (first is null)
            ? key
            : throw new FormatException(
                $"Line {asked.Line}: {asked.F} has {(key is null ? "no" : "a")} key, and that of line {_first.Line} has "
                + $"{(first is null ? "none" : "one")}: all have one, or none has.");
    }

    /// <summary>True or false; null where it says neither.</summary>
    /// <exception cref="FormatException">It says something else.</exception>
    internal static bool? Truth(HistoryLine read, string name) => read[name]?.Text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw new FormatException($"Line {read.Line}: {name} is true or false, not {SafeText.Shorten(other, 40)}."),
    };

    internal static Edn Value(HistoryLine read) => read["value"] ?? throw Missing(read);

    internal static (Edn From, Edn To) Pair(HistoryLine read) => Value(read) is Edn.Vector { Items: [var from, var to] }
        ? (from, to)
        : throw new FormatException($"Line {read.Line}: the value of {read.F} is [from to], not {SafeText.Shorten(read["value"]?.Text ?? "nil", 40)}.");

    internal static FormatException Missing(HistoryLine read, string what = "value") =>
        new($"Line {read.Line}: {read.Type} of {read.F} has no {what}.");
}
