using System.Net;
using System.Text;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// A picture as one page that needs nothing else: its style, its program and its data are in it, and its policy forbids it to
/// load anything.
/// </summary>
internal static class DiagramHtml
{
    public static void Write(Stream file, Picture picture)
    {
        var template = Part("diagram.html");
        var parts = new (string Name, byte[] Value)[]
        {
            ("{{title}}", Encoding.UTF8.GetBytes(WebUtility.HtmlEncode(picture.Title))),
            ("{{style}}", Encoding.UTF8.GetBytes(Part("diagram.css"))),
            ("{{data}}", DiagramData.Of(new Drawing(picture))),
            ("{{program}}", Encoding.UTF8.GetBytes(
                string.Concat(new[] { "model.js", "view.js", "marks.js", "panel.js", "controls.js", "start.js" }.Select(Part)))),
        };
        var at = 0;
        foreach (var (name, value) in parts)
        {
            var place = template.IndexOf(name, at, StringComparison.Ordinal);
            file.Write(Encoding.UTF8.GetBytes(template[at..place]));
            file.Write(value);
            at = place + name.Length;
        }

        file.Write(Encoding.UTF8.GetBytes(template[at..]));
    }

    private static string Part(string name)
    {
        using var part = typeof(DiagramHtml).Assembly.GetManifestResourceStream($"diagram/{name}")
            ?? throw new InvalidOperationException($"This build of the lab lacks the part {name} of its page.");
        using var reader = new StreamReader(part);
        return reader.ReadToEnd();
    }
}
