using ActorLab.Core;

namespace ActorLab.Checking.Kernel;

/// <summary>The next world under construction: a copy of the last one in a buffer that grows, changed step by step.</summary>
internal sealed class WorldBuilder(Layout layout, Network network, Envelopes envelopes)
{
    private int[] _buffer = new int[64];
    private int _length;

    public ReadOnlySpan<int> World => _buffer.AsSpan(0, _length);

    public ref int this[int index] => ref _buffer[index];

    public void StartFrom(ReadOnlySpan<int> world)
    {
        Reserve(world.Length);
        world.CopyTo(_buffer);
        _length = world.Length;
    }

    /// <summary>Takes out the envelope at an index of the world's array.</summary>
    public void Remove(int index)
    {
        Array.Copy(_buffer, index + 1, _buffer, index, _length - index - 1);
        _length--;
    }

    /// <summary>
    /// Puts an envelope in its place: sorted by number, so that two worlds with the same messages in flight are the same
    /// array; with FIFO links sorted by link, behind what is on the link. A set keeps one of each.
    /// </summary>
    public void Insert(int envelope)
    {
        var index = _length;
        if (network.FifoPerLink)
        {
            var link = envelopes[envelope].Link;
            while (index > layout.Network && envelopes[_buffer[index - 1]].Link > link)
            {
                index--;
            }
        }
        else
        {
            while (index > layout.Network && _buffer[index - 1] > envelope)
            {
                index--;
            }

            if (network.Duplicating && index > layout.Network && _buffer[index - 1] == envelope)
            {
                return;
            }
        }

        InsertAt(index, envelope);
    }

    /// <summary>Puts a second copy of an envelope right behind it.</summary>
    public void Copy(int index) => InsertAt(index + 1, _buffer[index]);

    /// <summary>The node loses its memory and its timers; what is in flight stays.</summary>
    public void Crash(int node)
    {
        foreach (var place in layout.PlacesOf[node])
        {
            _buffer[place] = ~_buffer[place];
            _buffer[layout.Timers + place] = TimerSets.None;
        }
    }

    private void InsertAt(int index, int envelope)
    {
        Reserve(_length + 1);
        Array.Copy(_buffer, index, _buffer, index + 1, _length - index);
        _buffer[index] = envelope;
        _length++;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
        {
            Array.Resize(ref _buffer, Math.Max(length, _buffer.Length * 2));
        }
    }
}
