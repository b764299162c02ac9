using ActorLab.Core;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>Wrong variants of a loyal general of signed messages.</summary>
public static class SignedMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "believes-any-signature", "A4: a loyal general's signature cannot be forged, and anyone can verify it.",
            "SignedGeneral.cs, ForgedIn", ["IC2"], (council, keys, own) => new Trustful(council, keys, own)),
        Of(
            "overlooks-surplus-signatures",
            "Section 4: a message v:0:j1:..:jk has the signatures of those on its path, and no others.",
            "KeyRing.cs, Forged", ["IC1"], (council, keys, own) => new Generous(council, keys, own)),
        Of(
            "passes-nothing-on", "SM(m), step 2: a lieutenant passes on each order that is new to him.",
            "SignedGeneral.cs, Relay", ["IC1"], (council, keys, own) => new Secretive(council, keys, own)),
        Of(
            "keeps-to-his-own-order", "SM(m), step 3: of two orders neither is obeyed.",
            "SignedGeneral.cs, Choice", ["IC1"], (council, keys, own) => new Stubborn(council, keys, own)),
    ];

    private static Mutant Of(string name, string givesUp, string where, Seq<string> breaks, SignedRole role) => new(
        name, givesUp, where, breaks, SignedScenario.Family with
        {
            Name = $"{SignedScenario.Family.Name}:{name}",
            Summary = $"Byzantine generals with signed messages, wrong on purpose: {name}.",
            Build = given => SignedScenario.Of(SignedScenario.OptionsOf(given), given["forge"] == 1, role),
        });

    private sealed class Trustful(Council council, PublicKeys keys, Signer own) : SignedGeneral(council, keys, own)
    {
        protected override NodeId? ForgedIn(Signed signed) => null;
    }

    private sealed class Generous(Council council, PublicKeys keys, Signer own) : SignedGeneral(council, keys, own)
    {
        protected override NodeId? ForgedIn(Signed signed) =>
            base.ForgedIn(signed with { Signatures = signed.Signatures.Take(signed.Path.Count) });
    }

    private sealed class Secretive(Council council, PublicKeys keys, Signer own) : SignedGeneral(council, keys, own)
    {
        protected override void Relay(Signed signed, Turn<GeneralsMessage> turn)
        {
        }
    }

    private sealed class Stubborn(Council council, PublicKeys keys, Signer own) : SignedGeneral(council, keys, own)
    {
        protected override string Choice(Map<string, RelayPath> signed) =>
            signed.FirstOrDefault(order => order.Value.Count == 1).Key ?? base.Choice(signed);
    }
}
