using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Builds the model of a lock from its entry code and its exit code: the non-critical section before, the critical section
/// between and the way round are the same for all, and so are the fairness and the conditions it is checked against.
/// </summary>
public sealed class LockBuilder
{
    /// <summary>The label of the non-critical section, the only one without fairness: PlusCal's <c>ncs:-</c>.</summary>
    public const string NonCriticalSection = "ncs";

    /// <summary>The label of the critical section.</summary>
    public const string CriticalSection = "cs";

    private readonly List<(string Label, Region Region, Action<ModelStep, int> Body)> _code = [];
    private readonly Process<int> _process;

    /// <param name="name">Of the model.</param>
    /// <param name="processes">How many; they are called 1, 2 and so on.</param>
    public LockBuilder(string name, int processes)
    {
        Processes = [.. Enumerable.Range(1, processes)];
        Model = new ModelBuilder(name);
        _process = Model.Process("p", Processes, NonCriticalSection);
    }

    public IReadOnlyList<int> Processes { get; }

    /// <summary>Takes the variables of the lock.</summary>
    public ModelBuilder Model { get; }

    /// <summary>Adds a label to the entry code. After its body the process is at the label added next, or inside.</summary>
    public void Entry(string label, Action<ModelStep, int> body) => _code.Add((label, Region.Entry, body));

    /// <summary>Adds a label to the exit code. After its body the process is at the label added next, or outside.</summary>
    public void Exit(string label, Action<ModelStep, int> body) => _code.Add((label, Region.Exit, body));

    /// <summary>Where the process goes after this step, instead of the next label.</summary>
    public void Goto(ModelStep step, int self, string label) => _process.Goto(step, self, label);

    /// <summary>The label at which a process is.</summary>
    public string LabelAt(State state, int self) => _process.At(state, self);

    /// <summary>Where a process is.</summary>
    public Region At(State state, int self) => LabelAt(state, self) switch
    {
        NonCriticalSection => Region.NonCritical,
        CriticalSection => Region.Critical,
        var label => _code.First(code => code.Label == label).Region,
    };

    /// <summary>The label is taken in the end if it is possible again and again, by each process for itself.</summary>
    public void Strong(string label) => Model.Fair(Fairness.PerLabel(true, label));

    /// <exception cref="ArgumentException">There is no entry code.</exception>
    public Model Build()
    {
        if (_code.All(code => code.Region != Region.Entry))
        {
            throw new ArgumentException("A lock has entry code: add its labels with Entry.");
        }

        static void Nothing(ModelStep step, int self)
        {
        }

        var cycle = _code.Where(code => code.Region == Region.Entry)
            .Prepend((Label: NonCriticalSection, Region: Region.NonCritical, Body: Nothing))
            .Append((Label: CriticalSection, Region: Region.Critical, Body: Nothing))
            .Concat(_code.Where(code => code.Region == Region.Exit)).ToList();
        for (var i = 0; i < cycle.Count; i++)
        {
            var (body, next) = (cycle[i].Body, cycle[(i + 1) % cycle.Count].Label);
            _process.Label(cycle[i].Label, (s, self) =>
            {
                _process.Goto(s, self, next); // The last label leads back to the first; the body may still say otherwise.
                body(s, self);
            });
        }

        Model.Fair(new Fairness(
            $"weak fairness of each process but for {NonCriticalSection}", false,
            step => step.Name == NonCriticalSection ? null : step.Process));
        DijkstraConditions.AddTo(Model, Processes, At);
        return Model.Build();
    }
}
