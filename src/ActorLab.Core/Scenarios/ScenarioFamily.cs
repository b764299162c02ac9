namespace ActorLab.Core;

/// <summary>A number that shapes a scenario.</summary>
public sealed record ScenarioParameter(string Name, string Summary, int Default, int Least, int Most);

/// <summary>The values of a scenario's parameters, all in range.</summary>
public sealed class ScenarioArguments
{
    private readonly Map<string, int> _values;

    /// <exception cref="FormatException">An unknown name, or a value out of range: a sentence that names the known ones.</exception>
    public ScenarioArguments(string family, Seq<ScenarioParameter> known, Map<string, int> given)
    {
        foreach (var (name, value) in given)
        {
            var parameter = known.FirstOrDefault(p => p.Name == name) ?? throw new FormatException(
                $"{family} has no parameter '{name}'. It has: {string.Join(", ", known.Select(p => p.Name))}.");
            if (value < parameter.Least || value > parameter.Most)
            {
                throw new FormatException($"{name}={value} is out of range: {name} is {parameter.Least} to {parameter.Most}.");
            }
        }

        _values = known.ToMap(p => p.Name, p => given.FindOr(p.Name, p.Default));
    }

    private ScenarioArguments(Map<string, int> values) => _values = values;

    public int this[string name] => _values[name];

    /// <summary>The same but for one value, which a scenario sets itself.</summary>
    public ScenarioArguments With(string name, int value) => new(_values.Set(name, value));
}

/// <summary>Scenarios of one algorithm, by parameters.</summary>
public sealed record ScenarioFamily(
    string Name, string Summary, Seq<ScenarioParameter> Parameters, Func<ScenarioArguments, Scenario> Build)
{
    /// <exception cref="FormatException">The arguments do not fit the parameters.</exception>
    public Scenario With(params ReadOnlySpan<(string Name, int Value)> arguments) =>
        Build(new ScenarioArguments(Name, Parameters, Map.Of(arguments)));
}
