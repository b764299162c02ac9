using ActorLab.Algorithms.KeyValue;
using ActorLab.Checking;
using ActorLab.Console;
using ActorLab.Core;
using ActorLab.Lab;

namespace ActorLab.Tests.Linearizability;

/// <summary><c>lab judge linearizable</c>: formats, exit codes, sentences, and the page.</summary>
public sealed class JudgeCommandTests : IDisposable
{
    private const string Broken = """
        {:process 0, :type :invoke, :f :write, :value 1}
        {:process 0, :type :ok, :f :write, :value 1}
        {:process 1, :type :invoke, :f :read, :value nil}
        {:process 1, :type :ok, :f :read, :value nil}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-judge-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{:process 0 :type :invoke :f :write :value 1} {:process 0 :type :ok :f :write :value 1}", "register", 0)]
    [InlineData("[{:process 0 :type :invoke :f :write :value 1}\n #jepsen.history.Op{:process 0 :type :ok :f :write :value 1}]", "register", 0)]
    [InlineData("; a comment\n{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read :value 4}", "cas-register", 1)]
    [InlineData("{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"value\":3}\n{\"process\":1,\"type\":\"info\",\"f\":\"write\"}", "register", 0)]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nnoise\nINFO  jepsen.util - 0\t:ok\t:read\t5", "register", 1)]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]", "cas-register", 0)]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:ok\t:cas\t[1 2]", "cas-register", 1)]
    [InlineData("{:process 0 :type :invoke :f :acquire} {:process 0 :type :ok :f :acquire} {:process 1 :type :invoke :f :acquire} {:process 1 :type :ok :f :acquire}", "mutex", 1)]
    [InlineData("{:process 0 :type :invoke :f :enqueue :value 1} {:process 0 :type :ok :f :enqueue :value 1} {:process 1 :type :invoke :f :dequeue} {:process 1 :type :ok :f :dequeue :value 1}", "queue", 0)]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :info :f :write :value :timed-out}", "register", 0)]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :ok :f :write :value nil}", "register", 0)]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :ok :f :write :value \"1\"}", "register", 0)]
    [InlineData("{:process 0 :type :invoke :f :cas :value [nil 1]}\n{:process 0 :type :ok :f :cas :value [nil 1]}", "cas-register", 0)]
    [InlineData("{:process 0 :type :invoke :f :read :value nil}\n{:process 0 :type :ok :f :read :value nil}", "register", 0)]
    [InlineData("{:process 0 :type :invoke :f :get :key \"k\" :value nil}\n{:process 0 :type :ok :f :get :value \"a\"}", "kv", 1)]
    [InlineData("{:process 0 :type :invoke :f :put :key \"k\" :value \"a\"}\n{:process 0 :type :ok :f :put }\n{:process 0 :type :invoke :f :get :key \"l\"}\n{:process 0 :type :ok :f :get :key \"l\" :value \"\"}", "kv", 0)]
    public async Task The_verdict_is_the_exit_code(string text, string model, int code)
    {
        var error = new StringWriter();
        Assert.Equal(code, await LabCommandLine.Run(["judge", "linearizable", Write(text), "--model", model, "--json"], error));
        Assert.Equal("", error.ToString());
    }

    [Theory]
    [InlineData("{:process 0 :type :invoke :f :write", "register", "Line 1: what begins here has no '}'.")]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :okay :f :write}", "register", "Line 2: the type of an event is")]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n\n{:process 0 :type :invoke :f :read}", "register", "Line 3: process 0 asks while what it asked in line 1 is open.")]
    [InlineData("{:process 0 :type :ok :f :write :value 1}", "register", "Line 1: process 0 has nothing open that could be ok.")]
    [InlineData("{:process 0 :type :invoke :f :append :value 1}", "register", "Line 1: the model register has read, write, not \"append\".")]
    [InlineData("{:process 0 :type :invoke :f :cas :value 1}", "cas-register", "Line 1: the value of cas is [from to], not 1.")]
    [InlineData("{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :write :value 1}", "register", "Line 2: process 0 asked for read in line 1, and this is of write.")]
    [InlineData("{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"value\":3}\n{\"process\":", "register", "Line 2: this is no JSON")]
    [InlineData("{\"process\":1,\"type\":\"invoke\",\"value\":3}", "register", "Line 1: the event has no f.")]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:read", "register", "Line 1: a process, :type, :f and a value with tabs between are wanted")]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2", "cas-register", "Line 1: what begins here has no ']'.")]
    [InlineData("{:process 0 :type :invoke :f :put :value \"a\"}", "kv", "Line 1: invoke of put has no key.")]
    [InlineData("{:process 0 :type :invoke :f :put :key \"k\" :value \"a\"}\n{:process 0 :type :ok :f :put :key \"k\" :value \"a\"}\n{:process 0 :type :invoke :f :get :kye \"k\"}\n{:process 0 :type :ok :f :get :kye \"k\" :value \"\"}", "kv", "Line 3: invoke of get has no key.")]
    [InlineData("{:process 0 :type :invoke :f :get :key nil}", "kv", "Line 1: invoke of get has no key.")]
    [InlineData("{:process 0 :type :invoke :f :get :key \"k\"}\n{:process 0 :type :ok :f :get :key \"l\" :value \"\"}", "kv", "Line 2: process 0 asked for get with key k in line 1, and this has key l.")]
    [InlineData("{:process 0 :type :invoke :f :get :key \"k\"}\n{:process 0 :type :info :f :get :key nil}", "kv", "Line 2: process 0 asked for get with key k in line 1, and this has key nil.")]
    [InlineData("{:process 0 :type :invoke :f :put :key \"k\" :value \"a\"}\n{:process 0 :type :ok :f :put :key \"k\" :value \"b\"}", "kv", "Line 2: process 0 asked for put with value a in line 1, and this has value b.")]
    [InlineData("{:process 0 :type :invoke :f :append :key \"k\" :value \"a\"}\n{:process 0 :type :ok :f :append :key \"k\" :value \"\"}", "kv", "with value a in line 1, and this has value \"\".")]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :info :f :write :value 2}", "register", "with value 1 in line 1, and this has value 2.")]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :fail :f :write :value 2}", "register", "with value 1 in line 1, and this has value 2.")]
    [InlineData("{:process 0 :type :invoke :f :write :value nil}\n{:process 0 :type :ok :f :write :value 2}", "register", "with no value in line 1, and this has value 2.")]
    [InlineData("{:process 0 :type :invoke :f :read :value 5}\n{:process 0 :type :ok :f :read :value 7}", "register", "with value 5 in line 1, and this has value 7.")]
    [InlineData("{:process 0 :type :invoke :f :cas :value [1 2]}\n{:process 0 :type :ok :f :cas :value [1 3]}", "cas-register", "with value [1 2] in line 1, and this has value [1 3].")]
    [InlineData("{:process 0 :type :invoke :f :cas :value [\"1 2\" 3]}\n{:process 0 :type :ok :f :cas :value [1 \"2 3\"]}", "cas-register", "in line 1, and this has value")]
    [InlineData("{:process 0 :type :invoke :f :enqueue :value 1}\n{:process 0 :type :ok :f :enqueue :value 2}", "queue", "with value 1 in line 1, and this has value 2.")]
    [InlineData("INFO  jepsen.util - 0\t:invoke\t:write\t3\nINFO  jepsen.util - 0\t:ok\t:write\t4", "register", "Line 2: process 0 asked for write with value 3 in line 1, and this has value 4.")]
    [InlineData("{:process 0 :type :invoke :f :write :key \"k\" :value 1}\n{:process 0 :type :ok :f :write }\n{:process 0 :type :invoke :f :read }\n{:process 0 :type :ok :f :read :value nil}", "register", "Line 3: read has no key, and that of line 1 has one: all have one, or none has.")]
    [InlineData("{\"process\":1,\"type\":\"invoke\",\"f\":\"get\",\"key\":\"k\",\"key\":\"l\"}", "kv", "Line 1: an object has key twice.")]
    [InlineData("{:process 0 :type :invoke :f :delete :key \"k\"}\n{:process 0 :type :ok :f :delete :key \"k\" :existed flase}", "kv-store", "Line 2: existed is true or false, not flase.")]
    [InlineData("{:process 0 :type :invoke :f :cas :key \"k\" :value [nil 1]}\n{:process 0 :type :ok :f :cas :key \"k\" :swaped false :actual 2}", "kv-store", "Line 2: ok of cas has no swapped.")]
    [InlineData("{:process 0 :type :invoke :f :put :key \"k\" :value 1}\n{:process 0 :type :ok :f :put :key \"k\" :value 2}", "kv-store", "with value 1 in line 1, and this has value 2.")]
    [InlineData("{:process 0 :type :invoke :f :cas :value [1 2]}\n{:process 0 :type :ok :f :cas :swapped flase}", "cas-register", "Line 2: swapped is true or false, not flase.")]
    [InlineData("nothing of the kind", "register", "has no operations")]
    [InlineData("{:process 0 :type :invoke :f :write :value 1}", "regster", "Did you mean register?")]
    public async Task A_damaged_file_is_a_sentence_with_its_line_and_exit_code_2(string text, string model, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(["judge", "linearizable", Write(text), "--model", model], error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("judge linearizable /there/is/no/such.file --model register", "There is no file")]
    [InlineData("judge linearizable / --model register", "/ is a folder, and a file is wanted.")]
    [InlineData("judge linearizable x.edn --model register --html /there/is/none/page.html", "The page cannot be written to /there/is/none/page.html: there is no folder /there/is/none.")]
    [InlineData("judge linearizable x.edn --model register --html /tmp", "The page cannot be written to /tmp: that is a folder.")]
    [InlineData("judge linearizable x.edn", "wants --model: register, cas-register, kv, kv-store, mutex, queue.")]
    [InlineData("judge linearizable x.edn --model register --time-limit soon", "--time-limit wants a time such as 500ms")]
    [InlineData("judge linearizable x.edn --model register --format xml", "Unknown --format \"xml\".")]
    [InlineData("judge", "lab judge wants to know what to judge: linearizable.")]
    public async Task Bad_input_is_a_sentence_and_exit_code_2(string line, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(2, await LabCommandLine.Run(line.Split(' '), error));
        Assert.Contains(sentence, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_decided_in_time_is_3()
    {
        var events = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            events.Insert(i, $"{{:process {i} :type :invoke :f :enqueue :value {i}}}");
            events.Add($"{{:process {i} :type :ok :f :enqueue :value {i}}}");
        }

        for (var i = 59; i >= 0; i--)
        {
            events.Add($"{{:process 0 :type :invoke :f :dequeue}} {{:process 0 :type :ok :f :dequeue :value {i / 2}}}");
        }

        Assert.Equal(3, await LabCommandLine.Run(
            ["judge", "linearizable", Write(string.Join('\n', events)), "--model", "queue", "--time-limit", "50ms"], new StringWriter()));
    }

    [Fact]
    public async Task The_page_shows_the_culprit_and_nothing_of_a_value_becomes_markup()
    {
        var file = Write(Broken.Replace(":value 1", ":value \"<script>alert(1)</script>\"", StringComparison.Ordinal));
        var page = Path.Combine(_folder.FullName, "page.html");
        Assert.Equal(1, await LabCommandLine.Run(["judge", "linearizable", file, "--model", "register", "--html", page], new StringWriter()));
        var html = await File.ReadAllTextAsync(page);
        Assert.Contains("<rect class=\"bad\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<script").Length); // the page's own, and no other
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_what_is_drawn_and_the_culprit_in_full()
    {
        var value = new string('v', 90);
        var file = Write(
            "{:process 0 :type :invoke :f :put :key \"a\" :value 1}\n{:process 0 :type :ok :f :put :key \"a\" :value 1}\n\n"
            + "{:process 0 :type :invoke :f :put :key \"b\" :value 2}\n{:process 0 :type :ok :f :put :key \"b\" :value 2}\n"
            + $"{{:process 1 :type :invoke :f :get :key \"b\"}}\n{{:process 1 :type :ok :f :get :key \"b\" :value \"{value}\"}}\n");
        var html = HistoryPage.Render(Judged(file, "kv"));
        Assert.Contains($">read: {value}</text>", html, StringComparison.Ordinal);
        Assert.Contains("<tspan class=\"place\">1</tspan> write 2</text>", html, StringComparison.Ordinal);
        Assert.Contains("Drawn: key <b>b</b>, 2 of its 2 operations. The history has 3 operations on 2 keys.", html, StringComparison.Ordinal);
        Assert.Contains("Again: <code>lab judge linearizable h --model kv</code>", html, StringComparison.Ordinal);
        Assert.Contains("(lines 6 to 7)", html, StringComparison.Ordinal);
        Assert.Contains(".names { position: sticky;", html, StringComparison.Ordinal);
        Assert.All(new[] { "answered", "of unknown outcome", "failed", "its answer fits no order", "where the prefix ends" },
            meaning => Assert.Contains($"</svg>{meaning}", html, StringComparison.Ordinal));
    }

    /// <summary>Each bar is as wide as its words, and order is kept: a bar ends before another begins that was called after its return.</summary>
    [Fact]
    public void Bars_have_room_for_their_words_and_keep_the_order_of_events()
    {
        var history = HistoryGenerator.Of(3, new HistoryShape("kv") { Operations = 200, Keys = 1, Unknown = 0.1, Failed = 0.05 });
        var file = new FileHistory(history, []);
        var judged = new Judgement(file, ValueModel.KeyValue, LinearizabilityChecker.Check(history, ValueModel.KeyValue), "");
        var lanes = new HistoryLanes(judged, i => 40 + (i % 7 * 20));
        Assert.Equal(200, lanes.Shown.Count);
        foreach (var (operation, i) in history.Operations.Select((operation, i) => (operation, i)))
        {
            var (from, to) = lanes.BarOf(operation);
            Assert.True(to - from >= 40 + (i % 7 * 20) || operation.Outcome == Outcome.Unknown);
            Assert.All(
                history.Operations.Where(other => operation.Outcome != Outcome.Unknown && other.InvokedAt > operation.CompletedAt),
                other => Assert.True(lanes.BarOf(other).From > to));
        }
    }

    [Fact]
    public void Numbers_are_lines_of_the_file()
    {
        var text = new Lines();
        var file = Write($"; a comment\n\n{Broken}");
        Assert.Equal(1, JudgeCommand.Show(Judged(file, "register"), null, json: false, text));
        Assert.Contains("      1  0  write 1  (lines 3 to 4)", text.Texts);
        Assert.Contains("         1  read: nil  (lines 5 to 6)", text.Texts);
        Assert.Contains(text.Texts, line => line.Contains("has this order of 1 operation:", StringComparison.Ordinal));
        Assert.Contains(text.Texts, line => line.StartsWith("register: 2 operations, ", StringComparison.Ordinal));
        Assert.Contains("open from line 1)", Judged(Write("{:process 0 :type :invoke :f :write :value 1}"), "register").Describe(0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_cannot_be_written_leaves_the_verdict()
    {
        var text = new Lines();
        var page = Path.Combine(_folder.FullName, "none", "page.html");
        Assert.Equal(1, JudgeCommand.Show(Judged(Write(Broken), "register"), page, json: false, text));
        Assert.StartsWith($"! The page could not be written to {page}", text.Texts[0], StringComparison.Ordinal);
        Assert.Equal("not linearizable", text.Texts[1]);
        page = Path.Combine(_folder.FullName, "page.html");
        Assert.Equal(1, JudgeCommand.Show(Judged(Write(Broken), "register"), page, json: false, text));
        Assert.Equal($"The page is in {page}.", text.Texts[^1]);
        Assert.DoesNotContain(_folder.GetFiles(), file => file.Name.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_history_of_the_store_keeps_its_verdict_in_a_file()
    {
        var verdicts = new HashSet<LinearizabilityVerdict>();
        for (var seed = 1; seed <= 60; seed++)
        {
            var shape = new HistoryShape("kv-store") { Operations = 40, Keys = 2, Writes = 0.3, Unknown = 0.1, Failed = 0.05 };
            var history = HistoryGenerator.Of(seed, shape);
            history = seed % 2 == 0 ? HistoryGenerator.Corrupt(seed, history) : history;
            var file = Path.Combine(_folder.FullName, "history.jsonl");
            HistoryFile.Save(file, history);
            var loaded = HistoryFile.Load(file, "kv-store");
            Assert.Equal(
                history.Operations.Select(operation => (operation.Client, operation.Number, operation.Command, operation.Outcome, operation.Reply)),
                loaded.Operations.Select(operation => (operation.Client, operation.Number, operation.Command, operation.Outcome, operation.Reply)));
            var verdict = LinearizabilityChecker.Check(history, KvStoreModel.Instance).Verdict;
            Assert.Equal(verdict, LinearizabilityChecker.Check(loaded, KvStoreModel.Instance).Verdict);
            verdicts.Add(verdict);
        }

        Assert.Equal(2, verdicts.Count);
    }

    [Fact]
    public void A_scan_is_judged_against_all_keys()
    {
        HistoryOperation Asked(long at, KvCommand command, KvReply reply) =>
            new(new Address(new NodeId("n1"), "client"), at, command, at, at + 1, Outcome.Ok, reply);
        var (put, page) = (Asked(1, new KvCommand.Put("a", "1"), new KvReply.Done()), new KvReply.Page([new KvPair("a", "1")], null));
        var scan = Asked(5, new KvCommand.Scan("", 10), page);
        Assert.Equal(LinearizabilityVerdict.Linearizable, LinearizabilityChecker.Check(new History([put, scan]), KvStoreModel.Instance).Verdict);
        var other = Asked(3, new KvCommand.Put("b", "2"), new KvReply.Done());
        Assert.Equal(LinearizabilityVerdict.NotLinearizable, LinearizabilityChecker.Check(new History([put, other, scan]), KvStoreModel.Instance).Verdict);
    }

    private static Judgement Judged(string file, string model)
    {
        var (history, known) = (HistoryFile.LoadWithLines(file, model), JudgeModels.Find(model));
        return new Judgement(history, known, LinearizabilityChecker.Check(history.History, known), $"lab judge linearizable h --model {model}");
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder.FullName, "history.txt");
        File.WriteAllText(file, text);
        return file;
    }

    private sealed class Lines : IRenderer
    {
        public List<string> Texts { get; } = [];

        public void Show(Output output) => Texts.Add(output is Output.Error error ? $"! {error.Sentence}" : ((Output.Line)output).Text);
    }
}
