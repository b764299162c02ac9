using System.Text.Json.Nodes;
using ActorLab.Algorithms.KeyValue;
using ActorLab.Cluster;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Lab;

public sealed class KvAnswerTests
{
    public static TheoryData<KvReply, int, string> Replies => new()
    {
        { new KvReply.Found("v"), 200, """{"value":"v"}""" },
        { new KvReply.Missing(), 404, """{"error":"There is no such key."}""" },
        { new KvReply.Done(), 200, """{"done":true}""" },
        { new KvReply.Deleted(false), 200, """{"existed":false}""" },
        { new KvReply.Appended(7), 200, """{"bytes":7}""" },
        { new KvReply.Swapped(), 200, """{"swapped":true}""" },
        { new KvReply.Differs("v"), 409, """{"error":"The key has another value than the expected one.","actual":"v"}""" },
        { new KvReply.Differs(null), 409, """{"error":"There is no such key.","actual":null}""" },
        { new KvReply.Page([new KvPair("a", "1")], "b"), 200, """{"pairs":[{"key":"a","value":"1"}],"next":"b"}""" },
        { new KvReply.TooLarge("too large"), 413, """{"error":"too large"}""" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void Each_reply_has_a_status_and_a_body(KvReply reply, int status, string body)
    {
        var answer = Operation.Answer(RaftOnCluster.Scenario.Entry, new OperationResult(Outcome.Ok, reply, ""));
        Assert.Equal(status, answer.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), answer.Body), answer.Body.ToJsonString());
    }

    [Fact]
    public void What_surely_did_not_happen_is_503_and_what_may_have_is_504()
    {
        var failed = Operation.Answer(RaftOnCluster.Scenario.Entry, new OperationResult(Outcome.Failed, null, "n1 found no leader in time."));
        Assert.Equal((503, "n1 found no leader in time."), (failed.Status, (string?)failed.Body["error"]));

        var unknown = Operation.Answer(RaftOnCluster.Scenario.Entry, new OperationResult(Outcome.Unknown, null, "The node stopped."));
        Assert.Equal((504, "The node stopped. It is unknown whether it took effect."), (unknown.Status, (string?)unknown.Body["error"]));
    }

    [Fact]
    public void Limits_are_checked_at_the_edge()
    {
        Assert.Null(KvAnswer.Refusal(new KvCommand.Put(new string('k', 1024), new string('v', 1 << 20))));
        Assert.Equal(413, KvAnswer.Refusal(new KvCommand.Put(new string('k', 1025), "v"))?.Status);
        Assert.Equal(413, KvAnswer.Refusal(new KvCommand.Append("k", new string('é', (1 << 19) + 1)))?.Status);
        Assert.Equal(400, KvAnswer.Refusal(new KvCommand.Get(""))?.Status);
        Assert.Equal(400, KvAnswer.Refusal(new KvCommand.Put("\ud800", "v"))?.Status);
        Assert.Equal(400, KvAnswer.Refusal(new KvCommand.Scan("", 0))?.Status);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a%2Fb%25", "a/b%")]
    [InlineData("%C3%A9+%20", "é+ ")]
    public void Keys_are_percent_encoded(string segment, string key) => Assert.Equal(key, KvRequest.Decode(segment));

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("%FF")]
    public void A_key_that_is_no_utf8_is_refused(string segment) =>
        Assert.Throws<FormatException>(() => KvRequest.Decode(segment));

    [Theory]
    [InlineData("61s")]
    [InlineData("0s")]
    [InlineData("soon")]
    public void A_time_limit_has_bounds(string text) => Assert.Throws<FormatException>(() => KvRequest.Limit(text));
}
