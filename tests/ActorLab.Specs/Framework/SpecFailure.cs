namespace ActorLab.Specs;

/// <summary>A spec did not go as it says; the sentence says what was missing.</summary>
public sealed class SpecFailure(string sentence, Exception? inner = null) : Exception(sentence, inner);
