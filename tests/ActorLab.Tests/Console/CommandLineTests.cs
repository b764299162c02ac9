using ActorLab.Console;

namespace ActorLab.Tests.Console;

public class CommandLineTests
{
    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  a\t b  ", "a|b")]
    [InlineData("put k 'two words'", "put|k|two words")]
    [InlineData("put k \"two \\\"words\\\"\"", "put|k|two \"words\"")]
    [InlineData("put k 'it\\n'", "put|k|it\\n")]
    [InlineData("put --value='a b'c", "put|--value=a bc")]
    [InlineData("put k \"\"", "put|k|")]
    [InlineData("a \"it's\"", "a|it's")]
    [InlineData("", "")]
    public void A_line_is_split_at_blanks_outside_quotes(string line, string tokens) =>
        Assert.Equal(tokens, string.Join("|", CommandLine.Split(line)));

    [Theory]
    [InlineData("put 'k")]
    [InlineData("put \"k\\\"")]
    public void An_open_quote_is_bad_input(string line) =>
        Assert.Contains("is not closed", Assert.Throws<BadInput>(() => CommandLine.Split(line)).Message);

    [Theory]
    [InlineData("echo say hello", "text=hello")]
    [InlineData("echo say --text hello", "text=hello")]
    [InlineData("echo say --text=hello --times=3", "text=hello times=3")]
    [InlineData("echo say --times 3 hello --loud", "loud=true text=hello times=3")]
    [InlineData("echo say --loud hello", "loud=true text=hello")]
    [InlineData("echo say -5", "text=-5")]
    [InlineData("echo say --text -5", "text=-5")]
    [InlineData("echo say -", "text=-")]
    [InlineData("echo say -- --loud", "text=--loud")]
    [InlineData("echo say --text=--loud", "text=--loud")]
    [InlineData("echo say --text=a=b", "text=a=b")]
    [InlineData("partition ring --nodes n1 --nodes n2", "nodes=n1+n2")]
    public void Arguments_come_by_place_and_by_name(string line, string expected)
    {
        var call = CommandLine.Parse(CommandLine.Split(line), TestPalettes.Set());
        Assert.Equal(expected, string.Join(" ", call.Arguments
            .OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => $"{a.Key}={string.Join("+", a.Value)}")));
    }

    [Theory]
    [InlineData("", "There is no command: type help for the list.")]
    [InlineData("ehco say x", "Unknown palette \"ehco\". Did you mean echo? Known: echo, partition.")]
    [InlineData("zzzzzz say x", "Unknown palette \"zzzzzz\". Known: echo, partition.")]
    [InlineData("echo", "echo wants a command: say, follow, hasty, fail, break.")]
    [InlineData("echo sya x", "Unknown echo command \"sya\". Did you mean say? Known: say, follow, hasty, fail, break.")]
    [InlineData("echo say x --time=2", "Unknown echo say switch \"--time\". Did you mean --times? Known: --text, --times, --loud.")]
    [InlineData("echo say x -t", "Unknown echo say switch \"-t\". Known: --text, --times, --loud.")]
    [InlineData("echo follow --now", "echo follow takes no switches; \"--now\" is one.")]
    [InlineData("echo say x --times", "--times wants a value: how often. Write --times=VALUE where the value starts with --.")]
    [InlineData("echo say x --times --loud", "--times wants a value: how often. Write --times=VALUE where the value starts with --.")]
    [InlineData("echo say x y", "echo say takes only text; \"y\" is one too many. Quote a value that holds blanks.")]
    [InlineData("partition ring n9 n1 --loss=0", "partition ring takes nodes separated by commas: write n9,n1.")]
    public void Bad_input_is_one_sentence_that_names_what_is_known(string line, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<BadInput>(
            () => CommandLine.Parse(CommandLine.Split(line), TestPalettes.Set())).Message);

    [Fact]
    public void An_address_a_switch_of_pbm_and_a_command_are_told_apart()
    {
        var options = PbmOptions.Parse(["[::1]:9200", "echo", "--json", "say", "--token-file", "t", "--", "--json"]);
        Assert.Equal(new PbmAddress("[::1]", 9200), options.Address);
        Assert.True(options.Json);
        Assert.Equal("t", options.TokenFile);
        Assert.Equal(["echo", "say", "--", "--json"], options.Command);
    }

    [Theory]
    [InlineData("10.0.0.1:9110", "10.0.0.1:9110 is not on this machine")]
    [InlineData("lab.example:9110", "lab.example:9110 is not on this machine")]
    [InlineData("127.0.0.1:0", "0 is not a port")]
    [InlineData("127.0.0.1:65536", "65536 is not a port")]
    [InlineData("a b:1", "\"a b\" is not a host")]
    [InlineData("nonsense:host", "\"nonsense:host\" is not an address: write host:port, such as 127.0.0.1:9110.")]
    [InlineData("127.0.0.1:", "\"127.0.0.1:\" is not an address")]
    [InlineData(":9110", "\"\" is not a host")]
    [InlineData("::1:9110", "\"::1\" is not a host")]
    [InlineData("--token-file", "--token-file wants the path")]
    [InlineData("--bogus", "Unknown switch of pbm \"--bogus\". Known: --json, --help, --token-file, --allow-remote, --keep-going.")]
    [InlineData("--jsn", "Unknown switch of pbm \"--jsn\". Did you mean --json?")]
    public void A_wrong_or_remote_address_is_bad_input(string argument, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<BadInput>(() => PbmOptions.Parse([argument])).Message);

    [Fact]
    public void An_address_may_follow_switches_of_pbm_and_a_value_with_a_colon_is_none()
    {
        var options = PbmOptions.Parse(["--json", "127.0.0.1:9200", "echo", "say", "a:b"]);
        Assert.Equal(9200, options.Address.Port);
        Assert.Equal(["echo", "say", "a:b"], options.Command);
    }

    [Fact]
    public void A_remote_address_can_be_asked_for() =>
        Assert.Equal("10.0.0.1", PbmOptions.Parse(["10.0.0.1:9110", "--allow-remote"]).Address.Host);

    [Theory]
    [InlineData("")]
    [InlineData("home")]
    public void Without_a_home_folder_nothing_is_put_into_the_current_one(string profile) => Assert.StartsWith(
        "You have no home folder", Assert.Throws<BadInput>(() => LabToken.HomeDirectory(profile)).Message);

    [Fact]
    public void Without_token_file_the_environment_and_then_the_port_decide()
    {
        var options = PbmOptions.Parse(["127.0.0.1:9200"]);
        Assert.Equal("/named", options.TokenPath(name => name == "ACTORLAB_TOKEN_FILE" ? "/named" : null));
        Assert.Equal(LabToken.DefaultPath(9200), options.TokenPath(_ => null));
        Assert.EndsWith("9200.token", LabToken.DefaultPath(9200));
    }
}
