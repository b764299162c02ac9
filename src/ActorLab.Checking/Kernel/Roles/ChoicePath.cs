using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>Enumerates the ways in which the choices of a turn may fall, the first option first.</summary>
internal sealed class ChoicePath : IChoices
{
    private readonly List<(int Taken, int Options)> _path = [];
    private int _next;

    public int Next(int options)
    {
        if (_next == _path.Count)
        {
            _path.Add((0, options));
        }

        return _path[_next++].Taken;
    }

    public void Restart() => _next = 0;

    /// <summary>Moves on to the next way; false when all were seen.</summary>
    public bool Advance()
    {
        while (_path.Count > 0)
        {
            var (taken, options) = _path[^1];
            if (taken + 1 < options)
            {
                _path[^1] = (taken + 1, options);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }
}
