using ActorLab.Checking;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>The models that <c>lab judge linearizable</c> knows.</summary>
internal static class JudgeModels
{
    public static readonly IReadOnlyList<HistoryModel> All =
    [
        ValueModel.Register, ValueModel.CasRegister, ValueModel.KeyValue, KvStoreModel.Instance, MutexModel.Instance, QueueModel.Instance,
    ];

    /// <exception cref="BadInput">There is none of that name.</exception>
    public static HistoryModel Find(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? throw new BadInput(Suggest.Unknown("model", name, All.Select(model => model.Name)));
}
