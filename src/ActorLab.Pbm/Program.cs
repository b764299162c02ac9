return await ActorLab.Console.PbmProgram.Run(args);
