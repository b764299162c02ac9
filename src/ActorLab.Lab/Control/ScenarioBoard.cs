using ActorLab.Cluster;
using ActorLab.Console;
using ActorLab.Core;
using Akka.Configuration;

namespace ActorLab.Lab;

/// <summary>
/// What the nodes of a lab run: holds the plan and fans it out; a node that starts reads it from its configuration. The lab's
/// folder remembers which disks it holds, so that no scenario goes on with those of another shape.
/// </summary>
public sealed class ScenarioBoard
{
    private readonly NewestPlan<ScenarioPlans> _plan = new(ScenarioPlans.None, plans => plans.Version, (plans, version) => plans with { Version = version });
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly DataFolder _folder;
    private readonly IReadOnlyList<string> _nodes;
    private readonly Config _hocon;
    private readonly FanOut<ScenarioPlans> _fan;

    /// <param name="folder">The lab's.</param>
    /// <param name="supervisor">Says which nodes there are, and which run.</param>
    /// <param name="hocon">Of the nodes.</param>
    /// <param name="apply">Gives a plan to a node, and says which version it has then.</param>
    public ScenarioBoard(
        DataFolder folder, Supervisor supervisor, Config hocon, Func<string, ScenarioPlans, CancellationToken, Task<long>> apply)
    {
        (_folder, _hocon) = (folder, hocon);
        _nodes = [.. supervisor.Names];
        _fan = new FanOut<ScenarioPlans>(supervisor, _plan, apply);
    }

    /// <summary>What was asked for.</summary>
    public ScenarioPlans Current => _plan.Current;

    public bool Runs(string name) => Current.Scenarios.Any(plan => plan.Name == name);

    /// <exception cref="CommandFailed">It does not run; the sentence says how to start it.</exception>
    /// <exception cref="BadInput">There is no such scenario.</exception>
    public void RequireRunning(string name)
    {
        if (!Runs(name))
        {
            RequireKnown(name);
            throw new CommandFailed($"{name} does not run: scenario start {name} starts it.");
        }
    }

    /// <summary>Plans a scenario; nodes that run get it with the next <see cref="Fan"/>.</summary>
    /// <param name="name">One of <see cref="Scenarios"/>, or a variant that <c>lab check</c> knows.</param>
    /// <param name="parameters">Those that are missing have their defaults.</param>
    /// <param name="fresh">Begin with empty disks.</param>
    /// <exception cref="BadInput">There is no such scenario, its parameters do not fit, or its disks are of another shape.</exception>
    /// <exception cref="CommandFailed">It runs already.</exception>
    public ScenarioPlan Start(string name, IReadOnlyDictionary<string, int> parameters, bool fresh)
    {
        RequireBuilds(name, parameters);
        lock (_plan.Gate)
        {
            if (Runs(name))
            {
                throw new CommandFailed($"{name} runs already: scenario stop {name} stops it.");
            }

            var before = _folder.Run.Disks.FirstOrDefault(disk => disk.Name == name);
            if (before is not null && !fresh && !before.HasParameters(parameters))
            {
                throw new BadInput(
                    $"The disks of {name} were made with {Text(before.Parameters)}, and this would be with {Text(parameters)}: ask for the same, "
                    + "or add --fresh to begin with empty ones.");
            }

            var run = before is null ? 1 : fresh ? before.Run + 1 : before.Run;
            var plan = new ScenarioPlan(name, parameters, run, _starts[name] = _starts.GetValueOrDefault(name) + 1);
            _folder.Update(file => file with { Disks = [.. file.Disks.Where(disk => disk.Name != name), plan] });
            _plan.Current = new ScenarioPlans(Current.Version + 1, [.. Current.Scenarios, plan]);
            return plan;
        }
    }

    /// <summary>Plans that a scenario ends; its disks stay.</summary>
    /// <exception cref="CommandFailed">It does not run.</exception>
    public void Stop(string name)
    {
        lock (_plan.Gate)
        {
            if (!Runs(name))
            {
                RequireKnown(name);
                throw new CommandFailed($"{name} does not run.");
            }

            _plan.Current = new ScenarioPlans(Current.Version + 1, [.. Current.Scenarios.Where(plan => plan.Name != name)]);
        }
    }

    /// <summary>Gives the plan to every node that runs.</summary>
    /// <returns>Those that did not confirm it, with what they said.</returns>
    public async Task<IReadOnlyList<(string Node, string Sentence)>> Fan(CancellationToken stopped)
    {
        await _fan.Fan(stopped).ConfigureAwait(false);
        return [.. _fan.Lagging.Select(node => (node.Name, _fan.WordOf(node.Name)))];
    }

    /// <summary>Runs until it is stopped: gives the plan to nodes that do not have it.</summary>
    public Task Reconcile(CancellationToken stopped) => _fan.Reconcile(stopped);

    /// <summary>Parameters as a user writes them.</summary>
    public static string Text(IReadOnlyDictionary<string, int> parameters) => parameters.Count == 0
        ? "default parameters"
        : string.Join(",", parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private static void RequireKnown(string name)
    {
        try
        {
            Scenarios.Catalogue.Find(name);
        }
        catch (NodeRefusal e)
        {
            throw new BadInput(e.Message);
        }
    }

    /// <summary>A scenario as it runs, or as it would run here.</summary>
    /// <exception cref="BadInput">There is no such scenario, or it does not run on these nodes.</exception>
    public Scenario Build(string name) =>
        RequireBuilds(name, Current.Scenarios.FirstOrDefault(plan => plan.Name == name)?.Parameters ?? new Dictionary<string, int>());

    /// <summary>The same; null for what does not run here.</summary>
    public Scenario? BuildOrNull(string name)
    {
        try
        {
            return Build(name);
        }
        catch (BadInput)
        {
            return null;
        }
    }

    /// <exception cref="BadInput">There is no such scenario, or its parameters do not fit.</exception>
    private Scenario RequireBuilds(string name, IReadOnlyDictionary<string, int> parameters)
    {
        try
        {
            return Scenarios.Catalogue.Find(name).For(new ScenarioRequest(_nodes, parameters, _hocon));
        }
        catch (Exception e) when (e is FormatException or NodeRefusal)
        {
            throw new BadInput(e.Message);
        }
    }
}
