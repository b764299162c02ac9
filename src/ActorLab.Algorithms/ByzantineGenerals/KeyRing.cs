using System.Security.Cryptography;
using System.Text;
using ActorLab.Core;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using static ActorLab.Algorithms.ByzantineGenerals.GeneralsMessage;

namespace ActorLab.Algorithms.ByzantineGenerals;

/// <summary>
/// The keys of all generals, for who gives them their roles. Signatures are Ed25519 (RFC 8032), in which a signature is a
/// function of key and text, so that a role that signs stays pure. For the lab a key is derived from the general's name and
/// the scenario's: whoever reads this can forge. Within the lab nobody does, for a role is handed its own <see cref="Signer"/>
/// and <see cref="PublicKeys"/>.
/// </summary>
public sealed class KeyRing
{
    private readonly Map<NodeId, Signer> _signers;

    public KeyRing(IReadOnlyCollection<NodeId> generals, string scenario)
    {
        _signers = generals.ToMap(general => general, general => new Signer(general, new Ed25519PrivateKeyParameters(
            SHA256.HashData(Encoding.UTF8.GetBytes($"the key of general {general} in {scenario}")), 0)));
        Public = new PublicKeys(generals.ToMap(general => general, general => _signers[general].Public));
    }

    public PublicKeys Public { get; }

    public Signer SignerOf(NodeId general) => _signers[general];
}

/// <summary>What everybody may know of everybody's keys: enough to verify a signature, and not to make one.</summary>
public sealed class PublicKeys
{
    private readonly Map<NodeId, Ed25519PublicKeyParameters> _keys;

    internal PublicKeys(Map<NodeId, Ed25519PublicKeyParameters> keys) => _keys = keys;

    /// <summary>
    /// Whose signature is not his; null where all are good. Of a message that has not one signature for each on its path, it is
    /// the one who said it: to sign behind a signature too many would be to sign what the next one refuses.
    /// </summary>
    /// <param name="battle">What is signed with every order, so that one of an earlier battle is of no use in this.</param>
    /// <param name="message">A message on a possible path.</param>
    public NodeId? Forged(string battle, Signed message)
    {
        if (message.Signatures.Count != message.Path.Count)
        {
            return message.Path.Speaker;
        }

        for (var i = 0; i < message.Path.Count; i++)
        {
            if (!IsGood(battle, message, i))
            {
                return message.Path.Generals[i];
            }
        }

        return null;
    }

    /// <summary>What the general at this place of the path signs.</summary>
    internal static byte[] TextOf(string battle, RelayPath path, string order, Seq<string> signatures, int place) =>
        Encoding.UTF8.GetBytes(string.Join(
            '\n', [battle, order, .. path.Generals.Take(place + 1).Select(general => general.Name), .. signatures.Take(place)]));

    private bool IsGood(string battle, Signed message, int place)
    {
        var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
        if (message.Signatures[place] is not { } said
            || !Convert.TryFromBase64String(said, signature, out var length) || length != signature.Length)
        {
            return false;
        }

        var text = TextOf(battle, message.Path, message.Order, message.Signatures, place);
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, _keys[message.Path.Generals[place]]);
        verifier.BlockUpdate(text, 0, text.Length);
        return verifier.VerifySignature(signature);
    }
}

/// <summary>The hand of one general.</summary>
public sealed class Signer
{
    private readonly Ed25519PrivateKeyParameters _key;

    internal Signer(NodeId general, Ed25519PrivateKeyParameters key)
    {
        General = general;
        _key = key;
    }

    public NodeId General { get; }

    internal Ed25519PublicKeyParameters Public => _key.GeneratePublicKey();

    /// <summary>An order that this general gives.</summary>
    public Signed Sign(string battle, string order) => Add(battle, RelayPath.Of(), order, []);

    /// <summary>A message with this general's signature behind the others.</summary>
    public Signed Add(string battle, Signed message) => Add(battle, message.Path, message.Order, message.Signatures);

    private Signed Add(string battle, RelayPath path, string order, Seq<string> signatures) =>
        SignAs(General, battle, new Signed(path, order, signatures));

    /// <summary>Signs with the own key where another one's signature should be: nobody who verifies it takes it for that.</summary>
    internal Signed SignAs(NodeId name, string battle, Signed message)
    {
        var path = message.Path.Then(name);
        var text = PublicKeys.TextOf(battle, path, message.Order, message.Signatures, path.Count - 1);
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, _key);
        signer.BlockUpdate(text, 0, text.Length);
        return new Signed(path, message.Order, message.Signatures.Add(Convert.ToBase64String(signer.GenerateSignature())));
    }
}
