// Akka and the base library have types of these names too; here they are always the lab's own.
global using ActorLab.Core;
global using Xunit;
global using Xunit.Abstractions;
global using static ActorLab.Specs.Names;
global using AkkaAddress = Akka.Actor.Address;
global using AkkaCluster = Akka.Cluster.Cluster;
