using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>A story of the model checker as a picture. Time is the number of the step.</summary>
internal sealed class StoryPicture
{
    private readonly PictureBuilder _events = new();
    private readonly Letters _letters = new();
    private readonly StoryWorlds _worlds;
    private readonly Scenario? _scenario;
    private readonly string _model;
    private string? _error;
    private PictureViolation? _broken;

    private StoryPicture(string model, Scenario? scenario)
    {
        (_model, _scenario, _worlds) = (model, scenario, new StoryWorlds(scenario));
    }

    /// <summary>What a story shows.</summary>
    /// <param name="name">Of the scenario or model.</param>
    /// <param name="scenario">Null for a model over shared variables.</param>
    /// <param name="story">What happened.</param>
    /// <param name="violated">What it breaks; null where a step fails, or it breaks nothing.</param>
    /// <param name="command">The command line that shows it again.</param>
    /// <param name="brokenAfter">After how many steps it is broken first; null for all.</param>
    public static Picture Of(
        string name, Scenario? scenario, Story story, Property? violated, string? command, int? brokenAfter = null)
    {
        var told = new StoryPicture(name, scenario);
        var loopsTo = told.Tell(story, violated, brokenAfter ?? story.Steps.Count);
        var last = told._events.Count - 1;
        return new Picture
        {
            Title = violated is not null ? $"{name}: {violated.Name} is violated"
                : told._error is not null ? $"{name}: a step fails"
                : name,
            Source = PictureSource.Checker,
            Command = command,
            Events = told._events.Events(),
            LoopsTo = loopsTo,
            Violation = told._broken is not null ? told._broken
                : told._error is { } error ? new PictureViolation("no step fails", "No turn breaks an invariant.", error, last)
                : null,
            Remarks = scenario is null
                ? ["Steps over shared variables are all ordered: each counts as a cause of those after it."]
                : [],
        };
    }

    private int? Tell(Story story, Property? violated, int brokenAfter)
    {
        foreach (var boot in story.Boots)
        {
            Turn(0, boot, -1);
        }

        _worlds.Mark();
        Explain(0);
        int? loopsTo = null;
        for (var i = 0; i < story.Steps.Count; i++)
        {
            loopsTo = story.LoopsTo == i ? _events.Count : loopsTo;
            Take(i + 1, story.Steps[i]);
            _worlds.Mark();
            Explain(i + 1);
        }

        return loopsTo;

        void Explain(int steps)
        {
            if (violated is not null && steps == brokenAfter)
            {
                _broken = _worlds.Explain(violated, story, steps, _events.Count - 1);
            }
        }
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
                    Turn(at, boot with { Torn = null }, restart);
                }

                if (step.Boots.FirstOrDefault(boot => boot.Torn is not null)?.Torn is { } torn)
                {
                    Crash(at, step.Where.Node, torn); // The node as a whole, whichever of its roles was not done.
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
        _events.Tell(place, changes, happening is null || !step.Counts ? null : _scenario?.HighlightOf(happening));
        _worlds.Take(step, happening);
        _events.AddEffects(at, step.Where, step.Effects, place, send =>
        {
            var number = _letters.Next();
            _letters.Add(step.Where, send.To, send.Message, new Letter(number, _events.AddSend(at, step.Where, send, number, place)));
        });

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
        if (step.Label is { } label)
        {
            return _events.Add(at, TraceKind.Step, LaneOf(step), label);
        }

        var letter = step is { Kind: StepKind.Deliver, Input: Input.Deliver { Sender: var sender, Message: var message } }
            ? _letters.Take(sender, step.Where, message)
            : new Letter(0, cause);
        return _events.AddTurn(at, step.Where, step.Input!, step.After, letter.Number, letter.SentAt);
    }

    private Address LaneOf(StoryStep step) => new(new NodeId(_model), step.Process ?? "");

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
