using System.Text.Json;
using ActorLab.Algorithms.ChandyLamport;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.ChandyLamport;

/// <summary>Games of tokens: see tests/vectors/chandy_lamport.</summary>
public sealed class TokenGameTests : IDisposable
{
    private const string Vectors = "vectors/chandy_lamport/token_games.json";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-games-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_game_of_the_vectors_records_exactly_its_states()
    {
        var wanted = JsonDocument.Parse(File.ReadAllText(Vectors)).RootElement.GetProperty("cases").EnumerateArray().ToList();
        var played = JsonDocument.Parse(ReplayGameCommand.Play(Vectors)).RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(4, wanted.Count);
        Assert.Equal(wanted.Count, played.Count);
        foreach (var (want, play) in wanted.Zip(played))
        {
            Assert.Equal(want.GetProperty("name").GetString(), play.GetProperty("name").GetString());
            var snapshot = Assert.Single(play.GetProperty("snapshots").EnumerateArray());
            Assert.Equal(
                want.GetProperty("recorded").EnumerateObject().Select(pair => (pair.Name, pair.Value.GetInt64())),
                snapshot.GetProperty("recorded").EnumerateObject().Select(pair => (pair.Name, pair.Value.GetInt64())));
            Assert.Equal(
                want.GetProperty("in_flight").EnumerateArray().Select(text => text.GetString()),
                snapshot.GetProperty("in_flight").EnumerateArray().Select(text => text.GetString()));
        }
    }

    /// <summary>Any strongly linked servers, any games: every snapshot of every game has all the tokens.</summary>
    [Fact]
    public void In_every_game_each_snapshot_has_all_the_tokens()
    {
        var inFlight = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var servers = Enumerable.Range(1, 2 + random.Next(9)).Select(i => new NodeId($"N{i}")).ToList();
            var tokens = servers.ToMap(server => server, _ => (long)random.Next(20));
            var links = servers.SelectMany((from, i) => servers
                .Where((to, k) => from != to && (k == (i + 1) % servers.Count || random.Next(3) == 0)).Select(to => $"{from}>{to}")).ToList();
            var have = tokens;
            var events = new List<string>();
            for (var i = 0; i < 60; i++)
            {
                var link = links[random.Next(links.Count)].Split('>');
                switch (random.Next(6))
                {
                    case 0:
                        events.Add($"snapshot {servers[random.Next(servers.Count)]}");
                        break;
                    case 1:
                        events.Add($"tick {1 + random.Next(3)}");
                        break;
                    default: // at most what is left of what it had: what comes is not counted on
                        if (have[new NodeId(link[0])] is > 0 and var left)
                        {
                            var amount = 1 + random.Next((int)left);
                            have = have.Set(new NodeId(link[0]), left - amount);
                            events.Add($"send {link[0]} {link[1]} {amount}");
                        }

                        break;
                }
            }

            var delays = Seq.ToSeq(Enumerable.Range(0, 5_000).Select(_ => random.Next(5)));
            var played = TokenGame.Play(tokens, links.ToSeq(), events.ToSeq(), delays);
            Assert.Equal(events.Count(one => one.StartsWith("snapshot", StringComparison.Ordinal)), played.Count);
            Assert.All(played, snapshot => Assert.Equal(tokens.Values.Sum(), snapshot.Total));
            inFlight += played.Count(snapshot => snapshot.InFlight > 0);
        }

        Assert.True(inFlight > 100, $"{inFlight}");
    }

    [Theory]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B", "B>C"]""", """["tick"]""", "[]", "there is no server C")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B", "B>A", "A>B"]""", """["tick"]""", "[]", "named twice: A>B")]
    [InlineData("""{"A": 1, "B": 0}""", """["A-B"]""", """["tick"]""", "[]", "write it as N1>N2")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>A"]""", """["tick"]""", "[]", "leads nowhere")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["send B A 1"]""", "[1]", "unknown link: there is no B>A")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["send A B 2"]""", "[1]", "A has 1 and cannot send 2")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["send A B 0"]""", "[1]", "at least 1")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["send A B 1"]""", "[]", "a delay for no more")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["snapshot C"]""", "[1]", "there is no C")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["snapshot B"]""", "[1]", "never complete")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["snapshot A", "hop"]""", "[1]", "'hop' is no event")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["tick 0"]""", "[1]", "must tick")]
    [InlineData("""{"A": 1, "B": 0}""", """["A>B"]""", """["tick"]""", "[-1]", "less than none")]
    [InlineData("""{"A": -1}""", "[]", "[]", "[]", "cannot start with -1")]
    [InlineData("""{"A": 1.5}""", "[]", "[]", "[]", "no whole number")]
    [InlineData("""{"A": 1, "A": 2}""", "[]", "[]", "[]", "twice")]
    [InlineData("""{"A B": 1}""", "[]", "[]", "[]", "no blank")]
    [InlineData("{}", "[]", "[]", "[]", "needs servers")]
    [InlineData("""{"A": 9223372036854775807, "B": 1}""", "[]", "[]", "[]", "more than 9223372036854775807 tokens")]
    [InlineData("[]", "[]", "[]", "[]", "needs tokens, an object")]
    [InlineData("""{"A": 1}""", "[1]", "[]", "[]", "texts")]
    [InlineData("""{"A": 1}""", "[]", "[]", """["x"]""", "whole numbers")]
    public async Task A_game_that_makes_no_sense_is_a_sentence(string tokens, string links, string events, string delays, string says)
    {
        var good = """{"name": "good", "tokens": {"A": 1}, "links": [], "events": [], "delays": []}""";
        await Refused($$"""{"delays": {{delays}}, "cases": [{{good}}, {"tokens": {{tokens}}, "links": {{links}}, "events": {{events}}}]}""", says);
    }

    [Theory]
    [InlineData("", "holds no games: there is nothing in it.")]
    [InlineData("{\n  \"delays\": [],\n  \"cases\": [{\"name\": \"ä\", }]\n}", "holds no games: line 3, column 27 is no JSON: ")]
    [InlineData("{\"delays\": [1 2]}", "holds no games: line 1, column 15 is no JSON: '2' is invalid after a value.")]
    [InlineData("{\n\"delays\": [1, ", "holds no games: it ends in line 2 in the middle of something.")]
    [InlineData("[]", "needs cases, a list")]
    [InlineData("""{"delays": [], "cases": []}""", "cases is empty")]
    [InlineData("""{"cases": [{"tokens": {"A": 1}, "links": [], "events": []}]}""", "needs delays")]
    public async Task A_file_without_games_is_a_sentence(string text, string says) => await Refused(text, says);

    [Fact]
    public async Task So_is_a_file_that_is_not_there()
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["replay-game", Path.Combine(_folder.FullName, "none.json")], error));
        Assert.StartsWith("There is no file", error.ToString(), StringComparison.Ordinal);
    }

    private async Task Refused(string text, string says)
    {
        var path = Path.Combine(_folder.FullName, "game.json");
        await File.WriteAllTextAsync(path, text);
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["replay-game", path], error));
        var sentence = Assert.Single(error.ToString().TrimEnd().Split('\n'));
        Assert.Contains(says, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", sentence, StringComparison.Ordinal); // the reader's own words for the place
    }
}
