using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A story of the model checker as a recording. Time is the number of the step.</summary>
internal sealed class StoryRecording
{
    private readonly RecordingBuilder _events = new();
    private readonly Letters _letters = new();
    private readonly Dictionary<(Address, string), int> _timers = [];
    private readonly StoryWorlds _worlds;
    private readonly Scenario? _scenario;
    private readonly string _model;
    private string? _error;

    private StoryRecording(string model, Scenario? scenario)
    {
        (_model, _scenario, _worlds) = (model, scenario, new StoryWorlds(scenario));
    }

    /// <summary>What a story shows.</summary>
    /// <param name="name">Of the scenario or model.</param>
    /// <param name="scenario">Null for a model over shared variables.</param>
    /// <param name="story">What happened.</param>
    /// <param name="violated">What it breaks; null where a step fails, or it breaks nothing.</param>
    /// <param name="command">The command line that shows it again.</param>
    public static Recording Of(string name, Scenario? scenario, Story story, Property? violated, string? command)
    {
        var told = new StoryRecording(name, scenario);
        var loopsTo = told.Tell(story);
        var last = told._events.Count - 1;
        return new Recording
        {
            Title = violated is not null ? $"{name}: {violated.Name} is violated"
                : told._error is not null ? $"{name}: a step fails"
                : name,
            Source = RecordingSource.Checker,
            Command = command,
            Events = told._events.Events(),
            LoopsTo = loopsTo,
            Violation = violated is not null ? told._worlds.Explain(violated, story, last)
                : told._error is { } error ? new RecordedViolation("no step fails", "No turn breaks an invariant.", error, last)
                : null,
            Remarks = scenario is null
                ? ["Steps over shared variables are all ordered: each counts as a cause of those after it."]
                : [],
        };
    }

    private int? Tell(Story story)
    {
        foreach (var boot in story.Boots)
        {
            Turn(0, boot, -1);
        }

        _worlds.Mark();
        int? loopsTo = null;
        for (var i = 0; i < story.Steps.Count; i++)
        {
            loopsTo = story.LoopsTo == i ? _events.Count : loopsTo;
            Take(i + 1, story.Steps[i]);
            _worlds.Mark();
        }

        return loopsTo;
    }

    private void Take(long at, StoryStep step)
    {
        var letter = step.Input as Input.Deliver;
        switch (step.Kind)
        {
            case StepKind.Drop or StepKind.Lost:
                var lost = _letters.Take(letter!.Sender, step.Where, letter.Message);
                _events.Add(
                    at, TraceKind.Drop, letter.Sender, step.Kind == StepKind.Drop ? "lost" : "the receiver is down", step.Where,
                    lost.Number, lost.SentAt);
                break;
            case StepKind.Duplicate:
                var twin = _letters.Take(letter!.Sender, step.Where, letter.Message);
                _letters.Add(letter.Sender, step.Where, letter.Message, twin);
                _letters.Add(letter.Sender, step.Where, letter.Message, twin);
                _events.Add(at, TraceKind.Duplicate, letter.Sender, "gets a second copy", step.Where, twin.Number, twin.SentAt);
                break;
            case StepKind.Crash:
                Crash(at, step.Where.Node, "");
                break;
            case StepKind.Restart:
                var restart = _events.Add(at, TraceKind.Restart, new Address(step.Where.Node, ""), "");
                _worlds.Up(step.Where.Node, isUp: true);
                foreach (var boot in step.Boots)
                {
                    Turn(at, boot, restart);
                }

                break;
            default:
                Turn(at, step, -1);
                break;
        }
    }

    private void Crash(long at, NodeId node, string why)
    {
        _events.Add(at, TraceKind.Crash, new Address(node, ""), why);
        _worlds.Up(node, isUp: false);
    }

    private void Turn(long at, StoryStep step, long cause)
    {
        var place = Place(at, step, cause);
        var isModel = step.Label is not null;
        var changes = isModel ? step.Changed : step.After is null ? [] : Canonical.Changes(step.Before, step.After);
        var happening = step is { Input: { } input, After: { } after }
            ? new Happening(step.Where, input, input is Input.Boot ? null : step.Before, after, step.Effects)
            : null;
        _events.Tell(place, changes, happening is null ? null : _scenario?.HighlightOf(happening));
        _worlds.Take(step, happening);
        foreach (var effect in step.Effects)
        {
            Do(at, step.Where, effect, place);
        }

        if (step.Torn is { } torn)
        {
            Crash(at, step.Where.Node, torn);
        }

        if (step.Error is { } error)
        {
            _error = $"{(isModel ? step.Label : step.Where)}: {error}";
            _events.Add(at, TraceKind.Violation, isModel ? LaneOf(step) : step.Where, error, cause: place);
        }
    }

    private int Place(long at, StoryStep step, long cause)
    {
        switch (step.Kind, step.Input)
        {
            case (StepKind.Operation, Input.Deliver asked):
                return _events.Add(
                    at, TraceKind.Operation, step.Where, Canonical.Text(asked.Message), asked.Sender, state: StateOf(step));
            case (StepKind.Deliver, Input.Deliver letter):
                var sent = _letters.Take(letter.Sender, step.Where, letter.Message);
                return _events.Add(
                    at, TraceKind.Deliver, step.Where, Canonical.Text(letter.Message), letter.Sender, sent.Number, sent.SentAt,
                    StateOf(step));
            case (StepKind.Expire, Input.Expire expire):
                return _events.Add(
                    at, TraceKind.Expire, step.Where, expire.Timer.Name,
                    cause: _timers.GetValueOrDefault((step.Where, expire.Timer.Name), -1), state: StateOf(step));
            case (StepKind.Step, _):
                return _events.Add(at, TraceKind.Step, LaneOf(step), step.Label!);
            default:
                return _events.Add(at, TraceKind.Boot, step.Where, "", cause: cause, state: StateOf(step));
        }
    }

    private static UInt128 StateOf(StoryStep step) => step.After is null ? 0 : Canonical.Fingerprint(step.After);

    private Address LaneOf(StoryStep step) => new(new NodeId(_model), step.Process ?? "");

    private void Do(long at, Address where, Effect effect, int turn)
    {
        switch (effect)
        {
            case Effect.Send send:
                var text = Canonical.Text(send.Message);
                var number = _letters.Next();
                var sent = _events.Add(at, TraceKind.Send, where, text, send.To, number, turn);
                _letters.Add(where, send.To, send.Message, new Letter(number, sent));
                break;
            case Effect.StartTimer start:
                _timers[(where, start.Timer.Name)] = turn;
                break;
            case Effect.CancelTimer cancel:
                _timers.Remove((where, cancel.Name));
                break;
            case Effect.Note note:
                _events.Add(at, TraceKind.Note, where, note.Text, cause: turn);
                break;
            case Effect.Report report:
                _events.Add(at, TraceKind.Report, where, Canonical.Text(report.Event), cause: turn);
                break;
            default:
                throw new InvalidOperationException($"A picture knows no {effect.GetType().Name}.");
        }
    }

    /// <summary>A message under way: its number, and the event of its sending.</summary>
    private readonly record struct Letter(long Number, long SentAt);

    /// <summary>
    /// The messages under way. A story tells of a receipt by what was received: of several equal messages the one that was
    /// sent first counts; where links repeat messages without a word, the last one may come again.
    /// </summary>
    private sealed class Letters
    {
        private readonly Dictionary<(Address From, Address To, string Text), (Queue<Letter> Waiting, Letter Last)> _links = [];
        private long _numbers;

        public long Next() => ++_numbers;

        public void Add(Address from, Address to, object message, Letter letter)
        {
            var key = (from, to, Canonical.Text(message));
            if (!_links.TryGetValue(key, out var link))
            {
                _links[key] = link = (new Queue<Letter>(), letter);
            }

            link.Waiting.Enqueue(letter);
        }

        public Letter Take(Address from, Address to, object message)
        {
            var key = (from, to, Canonical.Text(message));
            if (!_links.TryGetValue(key, out var link))
            {
                return new Letter(0, -1); // from outside, or of a traitor's making
            }

            var letter = link.Waiting.TryDequeue(out var next) ? next : link.Last;
            _links[key] = (link.Waiting, letter);
            return letter;
        }
    }
}
