using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorLab.Core;

/// <summary>
/// How fault plans read as JSON: camel case, nodes by name, links as <c>n1>n2</c>, addresses as <c>n1/server</c>,
/// durations as <c>hh:mm:ss.ffffff</c>, ranges in microseconds.
/// </summary>
public static class FaultJson
{
    /// <summary>The most faults of a plan's schedule.</summary>
    public const int MostScheduled = 10_000;

    /// <summary>An unknown field is an error: it would be a fault that never strikes.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        Converters =
        {
            new ByText<NodeId>(text => new NodeId(text)),
            new ByText<Link>(Link.Parse),
            new ByText<Address>(Address.Parse),
            new CollectionJson(),
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
        },
    };

    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">It is none, or it asks for what makes no sense: a sentence.</exception>
    public static FaultPlan Read(string json)
    {
        if (JsonShape.Mistake(json, typeof(FaultPlan), Options) is { } wrong)
        {
            throw new FormatException($"The fault plan cannot be read: {wrong}");
        }

        if (UntimedFault(json) is { } untimed)
        {
            throw new FormatException($"The fault plan cannot be read: {untimed}");
        }

        FaultPlan? plan;
        try
        {
            plan = JsonSerializer.Deserialize<FaultPlan>(json, Options);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new FormatException($"The fault plan cannot be read: {JsonShape.Sentence(error)}");
        }

        if (plan is null || (plan.Cuts.IsEmpty && plan.Messages.IsEmpty && plan.Links.IsEmpty && plan.Schedule.IsEmpty))
        {
            throw new FormatException("The fault plan has no fault in it: it wants cuts, messages, links or a schedule.");
        }

        plan = WithIds(plan);
        return Mistake(plan) is { } mistake ? throw new FormatException($"The fault plan makes no sense: {mistake}") : plan;
    }

    /// <summary>A fault of the schedule that does not say when it strikes; null where all do. Some time would be a guess.</summary>
    private static string? UntimedFault(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var schedule = document.RootElement.EnumerateObject()
            .FirstOrDefault(field => IsCalled(field, nameof(FaultPlan.Schedule))).Value;
        return schedule.ValueKind != JsonValueKind.Array ? null : schedule.EnumerateArray()
            .Select((fault, i) => fault.ValueKind == JsonValueKind.Object
                && !fault.EnumerateObject().Any(field => IsCalled(field, nameof(ScriptedFault.At)) && field.Value.ValueKind != JsonValueKind.Null)
                ? $"{Place("schedule", i)} has no \"at\": write when it strikes, such as \"at\": \"00:00:01.5\"."
                : null)
            .FirstOrDefault(mistake => mistake is not null);

        static bool IsCalled(JsonProperty field, string name) => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What makes no sense in a plan, as a sentence with its place; null where all does.</summary>
    public static string? Mistake(FaultPlan plan) =>
        MistakeOf(plan.Messages, "messages") ?? MistakeOf(plan.Links, "links") ?? (plan.Schedule.Count > MostScheduled
            ? $"schedule has {plan.Schedule.Count} faults; at most {MostScheduled} are allowed."
            : Mistake(plan.Schedule));

    /// <summary>What makes no sense in a schedule, as a sentence with its place; null where all does.</summary>
    public static string? Mistake(Seq<ScriptedFault> schedule) =>
        schedule.Select((fault, i) => MistakeOf(fault, Place("schedule", i))).FirstOrDefault(mistake => mistake is not null);

    /// <summary>What a fault says of the writes under way.</summary>
    public static Seq<WriteLoss> LossesOf(FaultAction action) => action switch
    {
        FaultAction.Crash crash => crash.Losses,
        FaultAction.PowerCut cut => cut.Losses,
        _ => [],
    };

    private static string Place(string list, int place) => string.Create(CultureInfo.InvariantCulture, $"{list}[{place}]");

    private static string? MistakeOf(Seq<LinkFaults> rules, string list) => rules
        .Select((rule, i) => (rule.Faults is null ? "a rule for messages has no faults." : rule.Faults.Mistake()) is { } mistake
            ? $"{Place(list, i)}: {mistake}"
            : null)
        .FirstOrDefault(mistake => mistake is not null);

    private static string? MistakeOf(Seq<LinkRule> rules, string list)
    {
        if (rules.Count > LinkRule.MostRules)
        {
            return $"{list} has {rules.Count} rules; at most {LinkRule.MostRules} are allowed.";
        }

        var ids = Set<string>.Empty;
        for (var i = 0; i < rules.Count; i++)
        {
            if ((rules[i].Mistake() ?? (ids.Contains(rules[i].Id) ? $"a rule before it has the id {rules[i].Id} too." : null)) is { } mistake)
            {
                return $"{Place(list, i)}: {mistake}";
            }

            ids = ids.Add(rules[i].Id);
        }

        return null;
    }

    /// <summary>Rules that have no id get one, by their place in the plan, so that people can speak of them.</summary>
    private static FaultPlan WithIds(FaultPlan plan)
    {
        var number = 0;
        var taken = plan.Schedule.SelectMany(fault => (fault.Action as FaultAction.SetLinks)?.Rules ?? []).Concat(plan.Links)
            .Select(rule => rule.Id).Where(id => !string.IsNullOrEmpty(id)).ToSet();
        return plan with
        {
            Links = Named(plan.Links),
            Schedule = plan.Schedule
                .Select(fault => fault.Action is FaultAction.SetLinks links ? fault with { Action = links with { Rules = Named(links.Rules) } } : fault)
                .ToSeq(),
        };

        Seq<LinkRule> Named(Seq<LinkRule> rules) => rules.Select(rule => string.IsNullOrEmpty(rule.Id) ? rule with { Id = Next() } : rule).ToSeq();

        string Next()
        {
            string id;
            do
            {
                id = string.Create(CultureInfo.InvariantCulture, $"r{++number}");
            }
            while (taken.Contains(id));
            return id;
        }
    }

    private static string? MistakeOf(WriteLoss loss) =>
        loss is { Written: < 0 } or { Sent: < 0 } or { Torn: < 0 } or { Forgotten: < 0 }
            ? $"a crash leaves a negative count of what {loss.Role} wrote."
            : null;

    private static string? MistakeOf(ScriptedFault fault, string place) => fault.Action switch
    {
        FaultAction.Messages messages when MistakeOf(messages.Rules, $"{place}.action.rules") is { } mistake => mistake,
        FaultAction.SetLinks links when MistakeOf(links.Rules, $"{place}.action.rules") is { } mistake => mistake,
        _ => MistakeOf(fault) is { } mistake ? $"{place}: {mistake}" : null,
    };

    private static string? MistakeOf(ScriptedFault fault) => fault switch
    {
        { Action: null } => "an entry of the schedule does nothing.",
        { Action: var action } when LossesOf(action).Select(MistakeOf).FirstOrDefault(one => one is not null) is { } mistake => mistake,
        { At.Ticks: < 0 } => $"a fault strikes at {fault.At}, before the run begins.",
        { Action: FaultAction.Lose { Probability: not (>= 0 and <= 1) } lose } =>
            FormattableString.Invariant($"lose={lose.Probability} is no rate: write a number from 0 to 1."),
        { Action: FaultAction.Duplicate { Probability: not (>= 0 and <= 1) } twice } =>
            FormattableString.Invariant($"duplicate={twice.Probability} is no rate: write a number from 0 to 1."),
        { Action: FaultAction.Flap { Period.Ticks: < TimeSpan.TicksPerMicrosecond } flap } =>
            $"a link flaps with a period of {flap.Period}: write at least a microsecond.",
        { Action: FaultAction.Slow { By: { Least: < 0 } or { Most: < 0 } } slow } =>
            $"{slow.Node} is slow by {slow.By}: a negative time.",
        { Action: FaultAction.Slow slow } when slow.By.Least > slow.By.Most =>
            $"{slow.Node} is slow by {slow.By}: write the smaller end first.",
        _ => null,
    };

    private sealed class ByText<T>(Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            try
            {
                return parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException());
            }
            catch (FormatException error)
            {
                throw new JsonException(error.Message);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value!.ToString());
    }
}

/// <summary>Sequences and sets as arrays.</summary>
internal sealed class CollectionJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType
        && (typeToConvert.GetGenericTypeDefinition() == typeof(Seq<>) || typeToConvert.GetGenericTypeDefinition() == typeof(Set<>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            (typeToConvert.GetGenericTypeDefinition() == typeof(Seq<>) ? typeof(OfSeq<>) : typeof(OfSet<>))
                .MakeGenericType(typeToConvert.GetGenericArguments()))!;

    /// <exception cref="JsonException">It is no array, or something in it is null: the serializer adds the field's name.</exception>
    private static T[] Items<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var items = JsonSerializer.Deserialize<T[]>(ref reader, options) ?? throw new JsonException("A list is wanted, and there is null.");
        return Array.Exists(items, item => item is null) ? throw new JsonException("Something in a list is null.") : items;
    }

    private sealed class OfSeq<T> : JsonConverter<Seq<T>>
    {
        public override Seq<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Items<T>(ref reader, options).ToSeq();

        public override void Write(Utf8JsonWriter writer, Seq<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Span.ToArray(), options);
    }

    private sealed class OfSet<T> : JsonConverter<Set<T>>
    {
        public override Set<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Items<T>(ref reader, options).ToSet();

        public override void Write(Utf8JsonWriter writer, Set<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
