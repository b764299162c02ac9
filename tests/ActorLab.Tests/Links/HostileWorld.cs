using ActorLab.Core;
using Timer = ActorLab.Core.Timer;

namespace ActorLab.Tests.Links;

/// <summary>
/// Two talkers in a network that loses, repeats and reorders, on nodes that crash, also between disk and network: by a seed.
/// </summary>
internal sealed class HostileWorld : IChoices
{
    private readonly Random _random;
    private readonly bool _linked;
    private readonly SortedDictionary<Address, RoleBinding> _roles = [];
    private readonly SortedDictionary<Address, object> _states = [];
    private readonly SortedDictionary<Address, SortedDictionary<string, Timer>> _timers = [];
    private readonly List<(Address From, Address To, object Message)> _network = [];
    private bool _isCalm;
    private int _number;

    public HostileWorld(int seed, bool linked)
    {
        (_random, _linked) = (new Random(seed), linked);
        foreach (var (self, peer) in new[] { (Talker.One, Talker.Other), (Talker.Other, Talker.One) })
        {
            Asked[self] = [];
            _roles[self] = linked ? Talker.Linked(peer) : Talker.Bare(peer);
            Boot(self, _roles[self].EmptyDisk);
        }
    }

    public SortedDictionary<Address, List<int>> Asked { get; } = [];

    public object StateAt(Address address) => _states[address];

    public int Next(int options) => _random.Next(options);

    public void Run(int turns)
    {
        for (; turns > 0; turns--)
        {
            var self = _random.Next(2) == 0 ? Talker.One : Talker.Other;
            switch (_random.Next(10))
            {
                case < 2:
                    Ask(self);
                    break;
                case 2:
                    Boot(self, _roles[self].DiskOf(_states[self]));
                    break;
                case < 5:
                    Expire(self);
                    break;
                default:
                    DeliverAny();
                    break;
            }
        }
    }

    /// <summary>Nothing is lost any more, until nothing is left to do.</summary>
    public void Calm()
    {
        _isCalm = true;
        while (_network.Count > 0 || _timers.Values.Any(timers => timers.Count > 0))
        {
            while (_network.Count > 0)
            {
                DeliverAny();
            }

            Expire(Talker.One);
            Expire(Talker.Other);
        }
    }

    private void Ask(Address self)
    {
        Asked[self].Add(++_number);
        var ask = new Talk.Ask(_number);
        Take(self, role => role.Receive(_states[self], Address.Outside, _linked ? Frame<Talk>.Plain(ask) : ask, ContextOf(self)));
    }

    private void Expire(Address self)
    {
        if (_timers[self].Values.FirstOrDefault() is { } timer)
        {
            _timers[self].Remove(timer.Name);
            Take(self, role => role.Expire(_states[self], timer, ContextOf(self)));
        }
    }

    private void DeliverAny()
    {
        if (_network.Count == 0)
        {
            return;
        }

        var place = _random.Next(_network.Count);
        var (from, to, message) = _network[place];
        if (_isCalm || _random.Next(4) > 0) // else it stays, to come again
        {
            _network.RemoveAt(place);
        }

        if (_isCalm || _random.Next(4) > 0)
        {
            Take(to, role => role.Receive(_states[to], from, message, ContextOf(to)));
        }
    }

    private void Boot(Address self, object disk)
    {
        _timers[self] = [];
        Take(self, role => role.Boot(role.ReadDisk(role.WriteDisk(disk)), ContextOf(self)));
    }

    private void Take(Address self, Func<RoleBinding, Step> turn)
    {
        var step = turn(_roles[self]);
        _states[self] = step.State;
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case Effect.Send send when _isCalm || _random.Next(5) > 0:
                    _network.Add((self, send.To, send.Message));
                    break;
                case Effect.StartTimer start:
                    _timers[self][start.Timer.Name] = start.Timer;
                    break;
                default:
                    break;
            }
        }
    }

    private TurnContext ContextOf(Address self) => new(self, this, () => default);
}
