return await ActorLab.Lab.LabCommandLine.Run(args);
