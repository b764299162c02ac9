using System.Diagnostics;
using ActorLab.Console;

namespace ActorLab.Specs.Processes;

/// <summary>Debian's etcdctl, as it is, against a lab.</summary>
[Collection(nameof(ProcessSpecs))]
public sealed class EtcdctlSpecs
{
    [ProgramFact("etcdctl", "etcd-client")]
    public async Task Etcdctl_puts_gets_deletes_compares_and_asks_for_status_and_members()
    {
        await using var lab = await LabProcess.Start("--nodes=3", "--etcd=0");
        var all = string.Join(',', lab.Run.Nodes.Select(node => $"127.0.0.1:{node.ClientPort}"));
        var user = $"lab:{LabToken.Read(lab.Run.TokenFile)}";

        Assert.Equal((0, "OK"), await Etcdctl(all, user, "", "put", "greeting", "hello"));
        Assert.Equal((0, "greeting\nhello"), await Etcdctl(all, user, "", "get", "greeting"));
        Assert.Equal((0, "OK"), await Etcdctl(all, user, "", "put", "a/1", "x"));
        Assert.Equal((0, "OK\na/1\nx"), await Etcdctl(all, user, "", "put", "a/1", "y", "--prev-kv"));
        Assert.Equal((0, "a/1\ny"), await Etcdctl(all, user, "", "get", "--prefix", "a/"));
        Assert.Equal((0, "SUCCESS\n\nOK\n\ngreeting\nbye"), await Etcdctl(
            all, user, "mod(\"greeting\") > \"0\"\nvalue(\"greeting\") = \"hello\"\n\nput greeting bye\nget greeting\n\nget a/1\n\n", "txn"));
        Assert.Equal((0, "FAILURE\n\na/1\ny"), await Etcdctl(all, user, "version(\"greeting\") = \"1\"\n\nput greeting no\n\nget a/1\n\n", "txn"));
        Assert.Equal((0, "1"), await Etcdctl(all, user, "", "del", "a/1"));
        Assert.Equal((0, ""), await Etcdctl(all, user, "", "get", "a/1"));
        Assert.Equal((0, "greeting\nbye"), await Etcdctl(all, user, "", "get", "greeting", "--consistency=s"));

        var status = await Etcdctl(all, user, "", "endpoint", "status");
        Assert.Equal((0, 3), (status.Exit, status.Output.Split('\n').Length));
        Assert.Single(status.Output.Split('\n'), line => line.Contains(", true, "));
        var members = await Etcdctl(all, user, "", "member", "list");
        Assert.Equal(["n1", "n2", "n3"], members.Output.Split('\n').Select(line => line.Split(", ")[2]).Order());
        Assert.Equal(0, (await Etcdctl(all, user, "", "endpoint", "health")).Exit);

        // The console has the same store.
        Assert.Equal((0, "bye"), await Said(lab, "raft get greeting"));

        // Without the token nothing is served, and what the lab does not have is refused.
        Assert.Equal(1, (await Etcdctl(all, "", "", "get", "greeting")).Exit);
        Assert.NotEqual(0, (await Etcdctl(all, "lab:a wrong password", "", "get", "greeting")).Exit);
        Assert.Equal(1, (await Etcdctl(all, user, "", "get", "greeting", "--rev=1")).Exit);
    }

    private static async Task<(int Exit, string Output)> Said(LabProcess lab, string line)
    {
        var (exit, output) = await lab.Pbm(line);
        return (exit, output.Trim());
    }

    private static async Task<(int Exit, string Output)> Etcdctl(string endpoints, string user, string input, params string[] arguments)
    {
        string[] who = user.Length > 0 ? [$"--user={user}"] : [];
        using var process = Process.Start(new ProcessStartInfo("etcdctl", [$"--endpoints={endpoints}", .. who, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ETCDCTL_API"] = "3" },
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(LabProcess.StartLimit);
        await error;
        return (process.ExitCode, (await output).Trim());
    }
}
