namespace ActorLab.Checking.Kernel;

/// <summary>A map from 64-bit keys to numbers from 0: open addressing, one writer, any number of readers between writes.</summary>
internal sealed class LongMap
{
    private ulong[] _keys = new ulong[64];

    /// <summary>The value plus one; 0 where nothing is.</summary>
    private int[] _values = new int[64];

    public int Count { get; private set; }

    public long Bytes => _keys.LongLength * (sizeof(ulong) + sizeof(int));

    /// <summary>The value of a key; -1 if it has none.</summary>
    public int this[ulong key]
    {
        get
        {
            var keys = _keys;
            var values = _values;
            var mask = (uint)keys.Length - 1;
            var slot = Hash(key) & mask;
            while (values[slot] != 0)
            {
                if (keys[slot] == key)
                {
                    return values[slot] - 1;
                }

                slot = (slot + 1) & mask;
            }

            return -1;
        }
    }

    public static ulong Key(int high, int low) => ((ulong)(uint)high << 32) | (uint)low;

    /// <summary>Adds a key that is not there.</summary>
    public void Add(ulong key, int value)
    {
        if (++Count * 2 > _keys.Length)
        {
            Grow();
        }

        Put(key, value + 1);
    }

    public IEnumerable<(ulong Key, int Value)> Entries()
    {
        for (var slot = 0; slot < _keys.Length; slot++)
        {
            if (_values[slot] != 0)
            {
                yield return (_keys[slot], _values[slot] - 1);
            }
        }
    }

    private static uint Hash(ulong key) => (uint)((key * 0x9e37_79b9_7f4a_7c15) >> 32);

    private void Put(ulong key, int stored)
    {
        var mask = (uint)_keys.Length - 1;
        var slot = Hash(key) & mask;
        while (_values[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _keys[slot] = key;
        _values[slot] = stored;
    }

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        _keys = new ulong[keys.Length * 2];
        _values = new int[keys.Length * 2];
        for (var slot = 0; slot < keys.Length; slot++)
        {
            if (values[slot] != 0)
            {
                Put(keys[slot], values[slot]);
            }
        }
    }
}
