using System.Runtime.InteropServices;

namespace ActorLab.Checking.Kernel;

/// <summary>
/// What came of a computation over worlds, by the values of the slots that it read, in the order in which it read them:
/// worlds that agree on those are the same to it. One writer, or any number of readers.
/// </summary>
internal sealed class ReadTree<T>
    where T : class
{
    private readonly Dictionary<T, Node> _leaves = new(ReferenceEqualityComparer.Instance);
    private Node? _root;

    /// <summary>What it takes, by a rough estimate.</summary>
    public long Bytes { get; private set; }

    /// <summary>What comes of it in a world; null if that is to be learned.</summary>
    public T? Find(ReadOnlySpan<int> world)
    {
        var node = _root;
        while (node is { Result: null })
        {
            node = node[world[node.Slot]];
        }

        return node?.Result;
    }

    /// <param name="reads">The slots that were read.</param>
    /// <param name="world">The world.</param>
    /// <param name="result">What came of it.</param>
    public void Add(List<int> reads, ReadOnlySpan<int> world, T result)
    {
        var leaf = LeafOf(result);
        if (reads.Count == 0)
        {
            _root = leaf;
            return;
        }

        var node = _root ??= NewNode(reads[0]);
        for (var i = 0; i < reads.Count; i++)
        {
            var value = world[reads[i]];
            if (i == reads.Count - 1)
            {
                Bytes += node.Put(value, leaf);
            }
            else if (node[value] is { } child)
            {
                node = child;
            }
            else
            {
                child = NewNode(reads[i + 1]);
                Bytes += node.Put(value, child);
                node = child;
            }
        }
    }

    public void Clear()
    {
        _root = null;
        _leaves.Clear();
        Bytes = 0;
    }

    private Node LeafOf(T result)
    {
        ref var leaf = ref CollectionsMarshal.GetValueRefOrAddDefault(_leaves, result, out _);
        return leaf ??= new Node(-1, result);
    }

    private Node NewNode(int slot)
    {
        Bytes += Node.OwnBytes;
        return new Node(slot, null);
    }

    /// <summary>A slot to look at, with what to do for each of its values; or a result.</summary>
    private sealed class Node(int slot, T? result)
    {
        public const int OwnBytes = 48;
        private const int Free = int.MinValue;

        public readonly int Slot = slot;
        public readonly T? Result = result;
        private int[] _values = [Free];
        private Node?[] _children = new Node?[1];
        private int _count;

        /// <summary>By the value itself, so that values from 0 up need no search.</summary>
        public Node? this[int value]
        {
            get
            {
                var values = _values;
                var index = value & (values.Length - 1);
                while (values[index] != value)
                {
                    if (values[index] == Free)
                    {
                        return null;
                    }

                    index = (index + 1) & (values.Length - 1);
                }

                return _children[index];
            }
        }

        /// <summary>Adds a child.</summary>
        /// <returns>How many bytes more it takes.</returns>
        public int Put(int value, Node child)
        {
            var grown = 0;
            if ((_count + 1) * 4 > _values.Length * 3)
            {
                var (values, children) = (_values, _children);
                _values = new int[values.Length * 2];
                _children = new Node?[values.Length * 2];
                Array.Fill(_values, Free);
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] != Free)
                    {
                        Insert(values[i], children[i]!);
                    }
                }

                grown = values.Length * (sizeof(int) + nint.Size);
            }

            Insert(value, child);
            _count++;
            return grown;
        }

        private void Insert(int value, Node child)
        {
            var index = value & (_values.Length - 1);
            while (_values[index] != Free)
            {
                index = (index + 1) & (_values.Length - 1);
            }

            (_values[index], _children[index]) = (value, child);
        }
    }
}
