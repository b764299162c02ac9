using System.Globalization;
using ActorLab.Core;
using static ActorLab.Algorithms.ChandyLamport.BankMessage;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>What users may ask of an account, once for console, HTTP and workloads.</summary>
public static class BankOperations
{
    /// <summary>
    /// They build a <see cref="BankMessage"/> of operation 0, for a host to number with
    /// <see cref="Numbered(object, long)"/>.
    /// </summary>
    public static Seq<OperationKind> All { get; } =
    [
        new(
            "take", "Records a global state, begun by this account; answers when all parts are in.", [], Account.RoleName,
            _ => new Take(0)),
        new(
            "show", "Tells the balance, and the complete snapshots that were begun here.", [], Account.RoleName,
            _ => new Show(0)),
        new(
            "load", "Sends money round by itself.",
            [new OperationParameter("rate", $"transfers a second, 0 to {Account.MostRate}; 0 stops it", 8)],
            Account.RoleName,
            given => new Load(0, (int)NumberOf("rate", given["rate"], 0, Account.MostRate))),
        new(
            "send", "Sends money to another account.",
            [
                new OperationParameter("to", "the node of the other account", 64),
                new OperationParameter("amount", "how much, more than 0", 20),
            ],
            Account.RoleName,
            given => new Send(0, new NodeId(given["to"]), NumberOf("amount", given["amount"], 1, long.MaxValue))),
        new(
            "spend", "Uses money up; where money stands for work, that is work done.",
            [new OperationParameter("amount", "how much, more than 0", 20)], Account.RoleName,
            given => new Spend(0, NumberOf("amount", given["amount"], 1, long.MaxValue))),
    ];

    /// <summary>Those of a bank, as its accounts take them.</summary>
    /// <param name="wearsLinks">Whether they wear reliable links.</param>
    /// <param name="spends">Whether its promises allow for money that is used up: else users cannot do that.</param>
    public static Seq<OperationKind> Of(bool wearsLinks, bool spends)
    {
        var offered = All.Where(kind => spends || kind.Name != "spend").ToSeq();
        return wearsLinks ? Wrapped(offered) : offered;
    }

    internal static OperationKind Named(string name) => All.First(kind => kind.Name == name);

    internal static Seq<OperationKind> Wrapped(Seq<OperationKind> kinds) => Seq.ToSeq(kinds.Select(kind => kind with
    {
        Build = given => Frame<BankMessage>.Plain((BankMessage)kind.Build(given)),
    }));

    /// <summary>
    /// A wish of <see cref="All"/> or <see cref="Of"/> with the number under which the account shall report.
    /// </summary>
    public static object Numbered(object wish, long operation) => wish is Frame<BankMessage> { Message: { } message }
        ? Frame<BankMessage>.Plain(Numbered(message, operation))
        : Numbered((BankMessage)wish, operation);

    /// <summary>The same wish with the number under which the account shall report.</summary>
    public static BankMessage Numbered(BankMessage wish, long operation) => wish switch
    {
        Take take => take with { Operation = operation },
        Show show => show with { Operation = operation },
        Load load => load with { Operation = operation },
        Send send => send with { Operation = operation },
        Spend spend => spend with { Operation = operation },
        Work work => work with { Operation = operation },
        Detect detect => detect with { Operation = operation },
        _ => throw new ArgumentException($"{wish.GetType().Name} is nothing that users say."),
    };

    internal static long NumberOf(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : throw new FormatException(
                most == long.MaxValue ? $"{name} is a whole number of at least {least}, not '{text}'."
                : $"{name} is a whole number from {least} to {most}, not '{text}'.");
}
