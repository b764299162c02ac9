using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorLab.Core;

/// <summary>
/// How fault plans read as JSON: camel case, nodes by name, links as <c>n1>n2</c>, addresses as <c>n1/server</c>,
/// durations as <c>hh:mm:ss.ffffff</c>, ranges in microseconds.
/// </summary>
public static class FaultJson
{
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
        FaultPlan? plan;
        try
        {
            plan = JsonSerializer.Deserialize<FaultPlan>(json, Options);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new FormatException($"The fault plan cannot be read: {error.Message.Split('\n')[0]}");
        }

        if (plan is null)
        {
            throw new FormatException("The fault plan is empty.");
        }

        return Mistake(plan) is { } mistake ? throw new FormatException($"The fault plan makes no sense: {mistake}") : plan;
    }

    private static string? Mistake(FaultPlan plan)
    {
        foreach (var rule in plan.Messages.Concat(plan.Schedule.Select(fault => fault?.Action).OfType<FaultAction.Messages>().SelectMany(messages => messages.Rules)))
        {
            if (rule?.Faults is null)
            {
                return "a rule for messages has no faults.";
            }

            if (rule.Faults.Mistake() is { } mistake)
            {
                return mistake;
            }
        }

        foreach (var fault in plan.Schedule)
        {
            if (fault?.Action is null)
            {
                return "an entry of its schedule does nothing.";
            }

            if (MistakeOf(fault) is { } mistake)
            {
                return mistake;
            }
        }

        return null;
    }

    private static string? MistakeOf(ScriptedFault fault) => fault switch
    {
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

    private sealed class OfSeq<T> : JsonConverter<Seq<T>>
    {
        public override Seq<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (JsonSerializer.Deserialize<T[]>(ref reader, options) ?? throw new JsonException()).ToSeq();

        public override void Write(Utf8JsonWriter writer, Seq<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Span.ToArray(), options);
    }

    private sealed class OfSet<T> : JsonConverter<Set<T>>
    {
        public override Set<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (JsonSerializer.Deserialize<T[]>(ref reader, options) ?? throw new JsonException()).ToSet();

        public override void Write(Utf8JsonWriter writer, Set<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
