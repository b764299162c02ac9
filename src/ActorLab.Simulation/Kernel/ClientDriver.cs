namespace ActorLab.Simulation;

/// <summary>
/// The users of a <see cref="ClientLoad"/>: each hands in an operation when the completion of its last one came.
/// </summary>
internal sealed class ClientDriver
{
    private readonly ClientLoad _load;
    private readonly Timeline _timeline;
    private readonly RandomStream _random;
    private readonly long _until;
    private readonly Desk[] _desks;

    public ClientDriver(ClientLoad load, SimulationOptions options, Timeline timeline, Places places)
    {
        (_load, _timeline) = (load, timeline);
        _random = RandomStream.Named(options.Seed, "workload");
        _until = (load.Until ?? options.VirtualTime).Micros();
        _desks = [.. load.Clients.Select(address => new Desk(places.RoleAt(address)) { Numbers = load.FirstNumber - 1 })];
        for (var desk = 0; desk < _desks.Length; desk++)
        {
            for (var user = 0; user < load.Users; user++)
            {
                Think(desk);
            }
        }
    }

    /// <summary>
    /// The operation of a user who is done thinking; false where the node is down, or no operation may start.
    /// </summary>
    public bool TryNext(int desk, out RoleSlot client, out object message)
    {
        var at = _desks[desk];
        (client, message) = (at.Client, at);
        if (_timeline.Now > _until)
        {
            return false;
        }

        if (client.Node is { IsUp: true, IsPaused: true })
        {
            _timeline.In(SimulationRun.PlannedRetry, new Occurrence(Due.User, desk));
            return false;
        }

        if (!client.Node.IsUp)
        {
            at.Resting++;
            return false;
        }

        var number = ++at.Numbers;
        at.Open.Add(number);
        message = _load.Next(_random, client.Address, number);
        return true;
    }

    public void Completed(RoleSlot client, long operation)
    {
        for (var desk = 0; desk < _desks.Length; desk++)
        {
            if (_desks[desk].Client == client && _desks[desk].Open.Remove(operation))
            {
                Think(desk);
            }
        }
    }

    /// <summary>Whoever waited for an answer of this node never gets one, and asks again when it is back.</summary>
    public void Crashed(NodeSlot node)
    {
        foreach (var desk in _desks.Where(desk => desk.Client.Node == node))
        {
            desk.Resting += desk.Open.Count;
            desk.Open.Clear();
        }
    }

    public void Restarted(NodeSlot node)
    {
        for (var desk = 0; desk < _desks.Length; desk++)
        {
            for (; _desks[desk].Client.Node == node && _desks[desk].Resting > 0; _desks[desk].Resting--)
            {
                Think(desk);
            }
        }
    }

    private void Think(int desk) =>
        _timeline.In(Math.Max(1, _load.Think.Draw(_random)), new Occurrence(Due.User, desk));

    private sealed class Desk(RoleSlot client)
    {
        public RoleSlot Client => client;

        public long Numbers { get; set; }

        public List<long> Open { get; } = [];

        /// <summary>Users who wait for the node to be back.</summary>
        public int Resting { get; set; }
    }
}
