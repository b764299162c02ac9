using System.Buffers;
using ActorLab.Algorithms.ByzantineGenerals;
using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.CampMessage;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.ByzantineGenerals;

/// <summary>Camps in virtual time: a message takes a millisecond, unless a test says otherwise.</summary>
internal sealed class CampLab : IChoices
{
    private const long HeldBackFor = 700; // More than a round, and less than two.

    private readonly Map<NodeId, RoleBinding> _roles;
    private readonly SortedDictionary<NodeId, object> _states = [];
    private readonly SortedDictionary<(long At, long Order), (Address Where, Address From, object What)> _agenda = [];
    private readonly Dictionary<(Address Where, string Timer), (long At, long Order)> _timers = [];
    private readonly Dictionary<long, HistoryEvent.Completed> _answers = [];
    private long _now;
    private long _count;
    private long _operations;

    public CampLab(int nodes)
    {
        var scenario = CampScenario.OnNodes(nodes);
        _roles = scenario.Placements.ToMap(placement => placement.Address.Node, placement => placement.Role);
        foreach (var placement in scenario.Placements)
        {
            Do(placement.Address, placement.Role.Boot(placement.Role.EmptyDisk, ContextOf(placement.Address)));
        }
    }

    /// <summary>Whether a word from one node to another comes a round late.</summary>
    public Func<string, string, Word, bool> HoldBack { get; init; } = (_, _, _) => false;

    /// <summary>Whether a message from one node to another is lost.</summary>
    public Func<string, string, CampMessage, bool> Loses { get; init; } = (_, _, _) => false;

    /// <summary>Whether a message from one node to another arrives twice.</summary>
    public Func<string, string, CampMessage, bool> Repeats { get; init; } = (_, _, _) => false;

    public List<CampMessage> Sent { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>What the user is answered: the report, or the sentence that says why there is none.</summary>
    public object Order(string commander, string order, bool signed = false, string traitors = "") => Ask(
        commander, new GeneralsCommand.Give(order, 1, signed, Strategy.ParseAll(traitors), 1));

    public object Last(string commander) => Ask(commander, new GeneralsCommand.Last());

    public CampState this[string node] => (CampState)_states[new NodeId(node)];

    /// <summary>One general says these things to another, whatever his camp thinks of it, once it runs.</summary>
    public void Say(string from, string to, params CampMessage[] messages)
    {
        foreach (var message in messages)
        {
            Plan(_now + 1, Council.AddressOf(new NodeId(to)), Council.AddressOf(new NodeId(from)), message);
        }
    }

    public void Run()
    {
        while (_agenda.Count > 0)
        {
            var (moment, (at, from, what)) = _agenda.First();
            _agenda.Remove(moment);
            _now = moment.At;
            Do(at, what is Timer timer
                ? _roles[at.Node].Expire(_states[at.Node], timer, ContextOf(at))
                : _roles[at.Node].Receive(_states[at.Node], from, what, ContextOf(at)));
        }
    }

    public CampMessage ThroughCodec(CampMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var role = _roles.Values.First();
        role.WriteMessage(buffer, message);
        return (CampMessage)role.ReadMessage(buffer.WrittenSpan);
    }

    int IChoices.Next(int options) => throw new InvalidOperationException("A camp leaves nothing to dice.");

    private object Ask(string commander, GeneralsCommand command)
    {
        var number = ++_operations;
        var where = Council.AddressOf(new NodeId(commander));
        Plan(_now, where, Address.Outside, new Invoke(number, command));
        Run();
        var answer = _answers[number];
        return answer.Outcome == Outcome.Ok ? answer.Reply! : answer.Reason;
    }

    private TurnContext ContextOf(Address where) => new(where, this, () => default);

    private (long At, long Order) Plan(long at, Address where, Address from, object what)
    {
        var moment = (at, ++_count);
        _agenda[moment] = (where, from, what);
        return moment;
    }

    private void Do(Address where, Step step)
    {
        _states[where.Node] = step.State;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Send send:
                    Post(where, send.To, (CampMessage)send.Message);
                    break;

                case Effect.StartTimer start:
                    Cancel(where, start.Timer.Name);
                    _timers[(where, start.Timer.Name)] = Plan(
                        _now + (long)start.Timer.Earliest.TotalMilliseconds, where, where, start.Timer);
                    break;

                case Effect.CancelTimer cancel:
                    Cancel(where, cancel.Name);
                    break;

                case Effect.Note note:
                    Notes.Add(note.Text);
                    break;

                case Effect.Report { Event: HistoryEvent.Completed completed }:
                    _answers.Add(completed.Operation, completed);
                    break;

                default:
                    break;
            }
        }
    }

    private void Post(Address from, Address to, CampMessage message)
    {
        Sent.Add(message);
        if (!Loses(from.Node.Name, to.Node.Name, message))
        {
            var isHeld = message is Word word && HoldBack(from.Node.Name, to.Node.Name, word);
            for (var i = Repeats(from.Node.Name, to.Node.Name, message) ? 0 : 1; i < 2; i++)
            {
                Plan(_now + (isHeld ? HeldBackFor : 1), to, from, message);
            }
        }
    }

    private void Cancel(Address where, string timer)
    {
        if (_timers.Remove((where, timer), out var moment))
        {
            _agenda.Remove(moment);
        }
    }
}
