return await ActorLab.Lab.LabCommandLine.Run(args, System.Console.Error);
