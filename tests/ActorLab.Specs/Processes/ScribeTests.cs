using System.Net;

namespace ActorLab.Specs.Processes;

/// <summary>The judge of the histories finds each kind of broken promise.</summary>
public sealed class ScribeTests
{
    private static readonly (string Token, HttpStatusCode? Answer)[] History =
    [
        ("a;", HttpStatusCode.OK), ("b;", HttpStatusCode.ServiceUnavailable), ("c;", null), ("d;", HttpStatusCode.OK),
    ];

    [Theory]
    [InlineData("a;d;")]
    [InlineData("a;c;d;")]
    [InlineData("a;d;c;")]
    public void Kept_promises_are_no_fault(string value) => Assert.Empty(Scribe.Judge(History, value));

    [Theory]
    [InlineData("a;", "d; was acknowledged and is lost")]
    [InlineData("a;d;a;", "a; was applied 2 times")]
    [InlineData("a;b;d;", "b; was refused and took effect")]
    [InlineData("a;d;x;", "x; was never asked for")]
    [InlineData("d;a;", "acknowledged tokens stand in another order than that in which they were acknowledged")]
    public void A_broken_promise_is_named(string value, string wrong) => Assert.Contains(wrong, Scribe.Judge(History, value));
}
