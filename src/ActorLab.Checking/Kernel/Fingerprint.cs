using System.Runtime.CompilerServices;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// 128 bits that name a world: the sum, without carry from one half to the other, of a mixed value for each slot and for
/// each token of the tail. A step changes a few of the terms, so that the fingerprint of the next world costs no more than
/// what changed.
/// </summary>
internal readonly record struct Fingerprint(ulong High, ulong Low)
{
    private const ulong TailSalt = 0x7461_696c_0000_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fingerprint operator +(Fingerprint left, Fingerprint right) =>
        new(left.High + right.High, left.Low + right.Low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fingerprint operator -(Fingerprint left, Fingerprint right) =>
        new(left.High - right.High, left.Low - right.Low);

    /// <summary>The term of a value in a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fingerprint OfSlot(int slot, int value) => Mix(((ulong)(uint)slot << 32) | (uint)value);

    /// <summary>The term of a token of the tail, wherever it lies; of one that stands in line, with its place there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fingerprint OfToken(int token, int place = 0) =>
        Mix((((ulong)(uint)place << 32) | (uint)token) ^ TailSalt);

    /// <summary>Two rounds of the finalizer of splitmix64 (Steele, Lea, Flood 2014), with different keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Fingerprint Mix(ulong key) => new(Finish(key + 0x9e37_79b9_7f4a_7c15), Finish(key + 0x3c6e_f372_fe94_f82b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }
}
