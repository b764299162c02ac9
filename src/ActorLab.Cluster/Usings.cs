global using ActorLab.Core;
