global using Timer = ActorLab.Core.Timer;
