// Akka and the base library have types of these names too; here they are always the lab's own.
global using ActorLab.Core;
global using Address = ActorLab.Core.Address;
global using AkkaAddress = Akka.Actor.Address;
global using AkkaCluster = Akka.Cluster.Cluster;
global using Timer = ActorLab.Core.Timer;
