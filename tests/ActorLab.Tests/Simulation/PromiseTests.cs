using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

/// <summary>Temporal properties in a run of ten seconds with a quiet part of four: its middle is at 8 s.</summary>
public sealed class PromiseTests
{
    /// <summary>One number is heard every second, so the world is another one at 1 s, 2 s and so on.</summary>
    private static long Second(IWorld world) => world.All<ChatState>().Single(role => role.Address.Role == "listener").State.Heard.Count;

    private static Formula At(Func<long, bool> holds) => new Formula.Now("", world => holds(Second(world)));

    public static TheoryData<string, bool> Cases => new()
    {
        { "eventually 3", true },
        { "eventually 30", false },
        { "always eventually even", true },
        { "always eventually below 8", false },
        { "always eventually 8", true },
        { "eventually always above 7", true },
        { "eventually always above 8", false },
        { "2 leads to 5", true },
        { "5 leads to 2", false },
        { "9 leads to 30", true }, // owed since the middle only
        { "8 leads to 30", false },
        { "30 leads to 31", true },
        { "eventually 3 and eventually 30", false },
        { "eventually 3 and eventually 4", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_must_come_true_is_judged_when_the_time_is_up(string claim, bool holds)
    {
        var result = Run(FormulaOf(claim), TimeSpan.FromSeconds(4));
        Assert.Equal(holds ? Finding.Held : Finding.Violated, result.FindingOf("Promise"));
        Assert.Equal(holds, result.Violation is null);
        Assert.Equal(holds ? Ending.TimeIsUp : Ending.Violation, result.Ending);
    }

    [Fact]
    public void Without_a_quiet_part_and_in_other_forms_nothing_is_judged()
    {
        Assert.Equal(Finding.NotJudged, Run(FormulaOf("eventually 30"), TimeSpan.Zero).FindingOf("Promise"));
        Assert.Equal(Finding.NotJudged, Run(new Formula.Always(At(second => second < 3)), TimeSpan.FromSeconds(4)).FindingOf("Promise"));
    }

    private static Formula FormulaOf(string claim) => claim.Split(' ') switch
    {
        ["eventually", var one, "and", "eventually", var two] =>
            new Formula.Eventually(Is(one)) & new Formula.Eventually(Is(two)),
        ["eventually", "always", "above", var bound] => Formula.EventuallyAlways(At(second => second > Number(bound))),
        ["always", "eventually", "even"] => Formula.AlwaysEventually(At(second => second % 2 == 0)),
        ["always", "eventually", "below", var bound] => Formula.AlwaysEventually(At(second => second < Number(bound))),
        ["always", "eventually", var one] => Formula.AlwaysEventually(Is(one)),
        ["eventually", var one] => new Formula.Eventually(Is(one)),
        [var one, "leads", "to", var two] => Is(one).LeadsTo(Is(two)),
        _ => throw new ArgumentException(claim),
    };

    private static Formula Is(string number) => At(second => second == Number(number));

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static SimulationResult Run(Formula formula, TimeSpan quiet) => Simulator.Run(
        Toys.Conversation(tick: ActorLab.Core.Timer.Fixed("tick", TimeSpan.FromSeconds(1))) with
        {
            Properties = [new Property.Temporal("Promise", "It comes true.", formula)],
        },
        new SimulationOptions
        {
            VirtualTime = TimeSpan.FromSeconds(10.5),
            Quiet = quiet == TimeSpan.Zero ? quiet : quiet + TimeSpan.FromSeconds(0.5), // from 6 s, and the middle is at 8.25 s
            Network = new NetworkOptions { Delay = Wait.Zero, Tail = 0 },
        });
}
