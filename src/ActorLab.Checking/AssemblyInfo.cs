using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ActorLab.Tests")]
