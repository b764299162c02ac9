using ActorLab.Console;
using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace ActorLab.PetabridgeCmd;

/// <summary>A palette of the lab as one of Petabridge.Cmd.</summary>
public sealed class LabPalette(Palette palette, PbmClient client) : CommandPaletteHandler(Definitions(palette))
{
    public override Props HandlerProps { get; } = Props.Create(() => new LabCommands(palette, client));

    /// <summary>Every parameter is a switch of the same name; what it must look like is checked by the lab.</summary>
    internal static CommandPalette Definitions(Palette palette) => new(palette.Name, palette.Commands.Select(command =>
    {
        var definition = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (var parameter in command.Parameters)
        {
            definition = definition.WithArgument(argument => argument
                .WithName(parameter.Name)
                .WithDescription(parameter.Description)
                .IsMandatory(parameter.Mandatory)
                .WithSwitch($"--{parameter.Name}"));
        }

        return definition.Build();
    }));
}

/// <summary>Sends commands to the lab, and its output to whoever asked.</summary>
public sealed class LabCommands : CommandHandlerActor
{
    public LabCommands(Palette palette, PbmClient client)
        : base(LabPalette.Definitions(palette))
    {
        foreach (var command in palette.Commands)
        {
            Process(command.Name, (_, arguments) =>
            {
                var values = command.Parameters
                    .Select(parameter => (parameter.Name, Values: (IReadOnlyList<string>)[.. arguments.ArgumentValues(parameter.Name)]))
                    .Where(argument => argument.Values.Count > 0)
                    .ToDictionary(argument => argument.Name, argument => argument.Values);
                var sender = Sender;
                _ = Forward(client, new Call(palette.Name, command.Name, values), sender);
            });
        }
    }

    private static async Task Forward(PbmClient client, Call call, IActorRef sender)
    {
        try
        {
            var text = new StringWriter();
            var renderer = new PlainRenderer(text, text);
            var exit = ExitCode.Success;
            await foreach (var output in client.Execute(call, CancellationToken.None))
            {
                renderer.Show(output);
                exit = output is Output.Exit end ? end.Code : exit;
                Send(text, line => sender.Tell(new CommandResponse(line, final: false)));
            }

            sender.Tell(exit == ExitCode.Success ? new CommandResponse("", final: true) : new ErroredCommandResponse($"exit code {exit}"));
        }
        catch (Exception e)
        {
            // Whatever broke on the way to the lab is the answer.
            sender.Tell(new ErroredCommandResponse(e.Message));
        }
    }

    /// <summary>Takes the whole lines that were written so far.</summary>
    private static void Send(StringWriter text, Action<string> line)
    {
        var written = text.ToString();
        text.GetStringBuilder().Clear();
        foreach (var part in written.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            line(part);
        }
    }
}
