using Akka.Actor;

namespace ActorLab.Cluster;

/// <summary>The supervisor of a scenario's roles on one node, at <c>/user/{scenario}</c>.</summary>
internal sealed class ScenarioActor : ReceiveActor
{
    private readonly string _scenario;

    public ScenarioActor(string scenario, IReadOnlyList<RoleSetup> roles)
    {
        _scenario = scenario;
        var directory = RoleDirectory.Of(Context.System);
        var actors = new List<IActorRef>();
        foreach (var role in roles)
        {
            var actor = Context.ActorOf(RoleActor.Props(role), role.Self.Role);
            directory.Add(role.Scenario, role.Self, role.Binding, actor);
            actors.Add(actor);
        }

        // Only now, so that the first messages of one find the others.
        actors.ForEach(actor => actor.Tell(RoleActor.OpenDisk.Instance));
    }

    protected override void PostStop() => RoleDirectory.Of(Context.System).Forget(_scenario);

    // A role that breaks is the role actor's own matter; this is for failures of the host itself.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(10, TimeSpan.FromMinutes(1), _ => Directive.Restart);
}
