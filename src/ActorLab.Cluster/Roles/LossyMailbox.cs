using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace ActorLab.Cluster;

/// <summary>
/// A role's mailbox. Messages of other nodes are dropped when too many of them wait, as any link may drop them; what
/// this node tells itself (disk, timers, operations) always has room, and is bounded where it comes from.
/// </summary>
internal sealed class LossyMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<LossyMailbox.Queue>
{
    private readonly int _capacity = config.GetInt("capacity", 20_000);

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue(_capacity);

    internal sealed class Queue(int capacity) : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly ConcurrentQueue<Envelope> _queue = new();
        private int _fromAfar;

        public bool HasMessages => !_queue.IsEmpty;

        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            if (envelope.Message is RoleEnvelope { FromAfar: true } && Interlocked.Increment(ref _fromAfar) > capacity)
            {
                Interlocked.Decrement(ref _fromAfar);
                return;
            }

            _queue.Enqueue(envelope);
        }

        public bool TryDequeue(out Envelope envelope)
        {
            if (!_queue.TryDequeue(out envelope))
            {
                return false;
            }

            if (envelope.Message is RoleEnvelope { FromAfar: true })
            {
                Interlocked.Decrement(ref _fromAfar);
            }

            return true;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope))
            {
                deadletters.Enqueue(owner, envelope);
            }
        }
    }
}
