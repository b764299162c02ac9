using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>
/// The roles of one actor system, by scenario and address. The serializer asks it which codec reads a message, so that
/// nothing a peer sends picks a type.
/// </summary>
internal sealed class RoleDirectory : IExtension
{
    private readonly ConcurrentDictionary<(string Scenario, Address Role), RoleBinding> _bindings = new();
    private readonly ConcurrentDictionary<(string Scenario, Address Role), IActorRef> _actors = new();

    public static RoleDirectory Of(ActorSystem system) => system.WithExtension<RoleDirectory, Provider>();

    public void Add(string scenario, Address role, RoleBinding binding, IActorRef actor)
    {
        _bindings[(scenario, role)] = binding;
        _actors[(scenario, role)] = actor;
    }

    /// <summary>The scenario runs here no more.</summary>
    public void Forget(string scenario)
    {
        foreach (var key in _bindings.Keys.Where(key => key.Scenario == scenario))
        {
            _actors.TryRemove(key, out _);
            _bindings.TryRemove(key, out _);
        }
    }

    public RoleBinding? Find(string scenario, Address role) => _bindings.GetValueOrDefault((scenario, role));

    /// <summary>The actor of a role of this node.</summary>
    public IActorRef? ActorOf(string scenario, Address role) => _actors.GetValueOrDefault((scenario, role));

    private sealed class Provider : ExtensionIdProvider<RoleDirectory>
    {
        public override RoleDirectory CreateExtension(ExtendedActorSystem system) => new();
    }
}
