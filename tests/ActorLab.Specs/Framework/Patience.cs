using System.Diagnostics;

namespace ActorLab.Specs;

/// <summary>How specs wait: for a condition, with a limit, never for a time.</summary>
public static class Patience
{
    /// <summary>The limit where none is given: many times what a quick machine needs.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    /// <summary>What waits inside a limit knows better what is missing: it goes first, on a busy machine too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookEach = TimeSpan.FromMilliseconds(20);
    private static readonly AsyncLocal<long?> Deadline = new();

    /// <summary>Tries an assertion until it holds.</summary>
    /// <param name="assertion">Throws while it does not hold.</param>
    /// <param name="limit">After this long, or at the end of the <see cref="Within(TimeSpan, Func{Task})"/> around it, it failed.</param>
    /// <exception cref="SpecFailure">It did not hold within the limit; says what it said last.</exception>
    public static async Task AwaitAssert(Func<Task> assertion, TimeSpan? limit = null)
    {
        var began = Stopwatch.GetTimestamp();
        var until = began + Ticks(limit ?? Usual);
        until = Math.Min(until, Deadline.Value ?? until);
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception e)
            {
                if (Stopwatch.GetTimestamp() >= until)
                {
                    var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                    throw new SpecFailure($"It did not hold within {seconds:F1} s. Last: {e.Message}", e);
                }
            }

            await Task.Delay(LookEach);
        }
    }

    /// <inheritdoc cref="AwaitAssert(Func{Task}, TimeSpan?)"/>
    public static Task AwaitAssert(Action assertion, TimeSpan? limit = null) => AwaitAssert(
        () =>
        {
            assertion();
            return Task.CompletedTask;
        },
        limit);

    /// <summary>Does something that must be done within a limit; what waits inside gives up at the same time.</summary>
    /// <exception cref="SpecFailure">It was not done in time.</exception>
    public static async Task Within(TimeSpan limit, Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        var outer = Deadline.Value;
        Deadline.Value = Math.Min(outer ?? long.MaxValue, began + Ticks(limit));
        try
        {
            await act().WaitAsync(limit + Grace);
        }
        catch (TimeoutException e)
        {
            throw new SpecFailure($"It was not done within {limit.TotalSeconds:F1} s.", e);
        }
        finally
        {
            Deadline.Value = outer;
        }

        var took = Stopwatch.GetElapsedTime(began);
        if (took > limit)
        {
            throw new SpecFailure($"It was done after {took.TotalSeconds:F2} s; the limit is {limit.TotalSeconds:F1} s.");
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
