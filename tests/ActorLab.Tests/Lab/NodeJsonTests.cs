using System.Text;
using System.Text.Json;
using ActorLab.Cluster;
using ActorLab.Console;

namespace ActorLab.Tests.Lab;

public sealed class NodeJsonTests
{
    [Theory]
    [InlineData("é", 512 * 1024)]
    [InlineData("\"", 1024 * 1024)]
    [InlineData("\u0001", 1024 * 1024)]
    public void An_operation_with_a_value_of_a_MiB_fits_into_a_request(string piece, int times)
    {
        var value = new StringBuilder().Insert(0, piece, times).ToString();
        var call = new OperationCall("put", new Dictionary<string, string> { ["key"] = "k", ["value"] = value }, "2s");
        var bytes = JsonSerializer.SerializeToUtf8Bytes(call, NodeJson.RequestOptions);
        Assert.InRange(bytes.Length, 0, LabSecurity.MaxBodyBytes);
        Assert.Equal(value, JsonSerializer.Deserialize<OperationCall>(bytes, NodeJson.Options)!.Arguments!["value"]);
    }

    [Fact]
    public void What_JSON_need_not_escape_is_not_escaped_in_requests() =>
        Assert.Equal("\"é\"", JsonSerializer.Serialize("é", NodeJson.RequestOptions));
}
