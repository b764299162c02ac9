using System.Globalization;

namespace ActorLab.Console;

/// <summary>A line under edit and its cursor, which moves by what a reader sees as one character.</summary>
public sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>0 to the length of the text.</summary>
    public int Cursor { get; private set; }

    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    public void Insert(string text) => Replace(Cursor, Cursor, text);

    /// <summary>Puts the text in the place of a range and the cursor behind it.</summary>
    public void Replace(int start, int end, string text)
    {
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(end));
        Cursor = start + text.Length;
    }

    public void Backspace() => Replace(Left(), Cursor, "");

    public void Delete() => Replace(Cursor, Right(), "");

    public void DeleteWord() => Replace(WordLeft(), Cursor, "");

    public void DeleteToStart() => Replace(0, Cursor, "");

    public void DeleteToEnd() => Replace(Cursor, Text.Length, "");

    public void MoveLeft() => Cursor = Left();

    public void MoveRight() => Cursor = Right();

    public void MoveWordLeft() => Cursor = WordLeft();

    public void MoveWordRight() => Cursor = WordRight();

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Text.Length;

    private int Right() => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int Left()
    {
        var at = 0;
        while (at < Cursor)
        {
            var next = at + StringInfo.GetNextTextElementLength(Text, at);
            if (next >= Cursor)
            {
                break;
            }
            at = next;
        }
        return at;
    }

    private int WordLeft()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }
        return at;
    }

    private int WordRight()
    {
        var at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
        {
            at++;
        }
        while (at < Text.Length && !char.IsWhiteSpace(Text[at]))
        {
            at++;
        }
        return at;
    }
}
