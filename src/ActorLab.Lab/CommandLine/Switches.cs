using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ActorLab.Console;

namespace ActorLab.Lab;

/// <summary>Switches whose errors are sentences.</summary>
internal static class Switches
{
    public static Option<int> Number(string name, string description, int otherwise, int least, int most) => new(name)
    {
        Description = $"{description}, {least} to {most}",
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = Only(result);
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name} wants a whole number from {least} to {most}, not \"{SafeText.Shorten(text, 60)}\".");
            return otherwise;
        },
    };

    /// <summary>A number that need not be given.</summary>
    public static Option<int?> NumberIfGiven(string name, string description, int least, int most) => new(name)
    {
        Description = most == int.MaxValue ? description : $"{description}, {least} to {most}",
        HelpName = "N",
        CustomParser = result =>
        {
            var text = Only(result);
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
            {
                return number;
            }

            result.AddError($"{name} wants a whole number from {least} to {most}, not \"{SafeText.Shorten(text, 60)}\".");
            return null;
        },
    };

    public static Option<string> Choice(string name, string description, string otherwise, params string[] allowed) => new(name)
    {
        Description = $"{description}: {string.Join(" or ", allowed)}",
        HelpName = "NAME",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = Only(result);
            if (!allowed.Contains(text))
            {
                result.AddError(Suggest.Unknown(name, text, allowed));
            }

            return text;
        },
    };

    public static Option<string> Text(string name, string description, string help, string otherwise) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = Only(result);
            if (text.Length == 0)
            {
                result.AddError($"{name} is empty.");
            }

            return text;
        },
    };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>Numbers separated by commas, each at least 1.</summary>
    public static Option<int[]> Numbers(string name, string description, int[] otherwise, int most) => new(name)
    {
        Description = $"{description}, separated by commas, each 1 to {most}",
        HelpName = "N,N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var numbers = new List<int>();
            foreach (var text in Only(result).Split(','))
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > most)
                {
                    result.AddError($"{name} wants numbers from 1 to {most} separated by commas, not \"{SafeText.Shorten(text, 60)}\".");
                    return otherwise;
                }

                numbers.Add(number);
            }

            return [.. numbers];
        },
    };

    /// <summary>Pairs such as <c>akka.loglevel=DEBUG</c>; the switch may be given again.</summary>
    public static Option<IReadOnlyDictionary<string, string>> Pairs(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "key=value",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => new Dictionary<string, string>(),
        CustomParser = result =>
        {
            var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var text in result.Tokens.Select(token => token.Value))
            {
                var equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    result.AddError($"{name} wants key=value, not \"{SafeText.Shorten(text, 60)}\".");
                    break;
                }

                if (!pairs.TryAdd(text[..equals], text[(equals + 1)..]))
                {
                    result.AddError($"{name} {SafeText.Shorten(text[..equals], 60)} is given twice.");
                    break;
                }
            }

            return pairs;
        },
    };

    private static string Only(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
}
