using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ActorLab.Core;

/// <summary>A claim that holds in every host. Input from outside is answered, never asserted.</summary>
public static class Invariant
{
    /// <exception cref="InvariantViolation">The claim is false.</exception>
    public static void Require(
        [DoesNotReturnIf(false)] bool condition,
        string claim,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new InvariantViolation($"{claim} ({expression})");
        }
    }
}

/// <summary>A role found itself in a state that its algorithm rules out.</summary>
public sealed class InvariantViolation(string claim) : Exception(claim);
