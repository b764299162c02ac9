global using ActorLab.Core;
global using Xunit;
global using Address = ActorLab.Core.Address;
