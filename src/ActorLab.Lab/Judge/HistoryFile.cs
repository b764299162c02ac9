using System.Text;
using System.Text.Json;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Console;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>Histories in files: docs/judging.md has the formats.</summary>
public static class HistoryFile
{
    private const long MostBytes = 512L << 20;

    /// <summary>Writes a history of the lab's key-value store as JSON lines: one for each invocation and completion.</summary>
    /// <exception cref="CommandFailed">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">The history is of something else.</exception>
    public static void Save(string path, History history)
    {
        var lines = new StringBuilder();
        foreach (var (place, isEnd) in EventsOf(history))
        {
            var operation = history.Operations[place];
            var fields = new Dictionary<string, object?>
            {
                ["time"] = isEnd ? operation.CompletedAt : operation.InvokedAt,
                ["process"] = operation.Client.ToString(),
                ["op"] = operation.Number,
                ["type"] = !isEnd ? "invoke" : operation.Outcome switch { Outcome.Ok => "ok", Outcome.Failed => "fail", _ => "info" },
            };
            var command = operation.Command as KvCommand ?? throw new ArgumentException($"A history file is of the key-value store, not of {operation.Command.GetType().Name}.");
            foreach (var (name, value) in StoreWords.FieldsOf(command).Where(field => !isEnd || field.Name is "f" or "key"))
            {
                fields[name] = value;
            }

            if (isEnd && operation is { Outcome: Outcome.Ok, Reply: KvReply reply })
            {
                foreach (var (name, value) in StoreWords.FieldsOf(reply))
                {
                    fields[name] = value;
                }
            }
            else if (isEnd && operation.Reason.Length > 0)
            {
                fields["reason"] = operation.Reason;
            }

            lines.Append(JsonSerializer.Serialize(fields)).Append('\n');
        }

        try
        {
            File.WriteAllText(path, lines.ToString());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailed($"The history could not be written to {path}: {error.Message}");
        }
    }

    /// <summary>Reads a history for a model. Times are the places of the events in the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The name of the model that says what its functions mean.</param>
    /// <param name="format">jepsen, edn, json, or auto.</param>
    /// <exception cref="BadInput">There is no such file, or a line of it is wrong, or there is no such model.</exception>
    public static History Load(string path, string model, string format = "auto") => LoadWithLines(path, model, format).History;

    /// <inheritdoc cref="Load" />
    internal static FileHistory LoadWithLines(string path, string model, string format = "auto")
    {
        var name = SafeText.Shorten(path, 200);
        IWords words = JudgeModels.Find(model) is KvStoreModel ? StoreWords.Instance : new ObjectWords(JudgeModels.Find(model));
        try
        {
            if (!File.Exists(path))
            {
                throw new BadInput(Directory.Exists(path) ? $"{name} is a folder, and a file is wanted." : $"There is no file {name}.");
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                throw new BadInput($"{name} is larger than a history can be, {MostBytes >> 20} MiB.");
            }

            var history = HistoryReader.Read(HistoryText.Read(File.ReadAllText(path), format), words);
            return history.History.Operations.IsEmpty
                ? throw new BadInput($"{name} has no operations; a history is a Jepsen log, maps in EDN, or JSON lines.")
                : history;
        }
        catch (FormatException error)
        {
            throw new BadInput($"{name}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{name} cannot be read: {error.Message}");
        }
    }

    /// <summary>Invocations and completions by time; at the same time invocations come first.</summary>
    private static IEnumerable<(int Place, bool IsEnd)> EventsOf(History history) => history.Operations
        .SelectMany((operation, place) => operation.CompletedAt is { } end
            ? new[] { (At: operation.InvokedAt, IsEnd: false, Place: place), (At: end, IsEnd: true, Place: place) }
            : [(At: operation.InvokedAt, IsEnd: false, Place: place)])
        .Order()
        .Select(one => (one.Place, one.IsEnd));
}
