package io.millrace.worker.claim;

import io.millrace.schemas.group.WorkerGroup;
import io.millrace.schemas.group.WorkerLife;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group as one of its members sees it: whether others are there to take what this one lets go of, and what its own earlier lives left in it.
 *
 * <p><b>Threading:</b> confined to the poll thread, which waits for the answers.
 */
final class Company implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Company.class);

    private final WorkerGroup group;
    private final WorkerLife self;

    Company(WorkerGroup group, WorkerLife self) {
        this.group = group;
        this.self = self;
    }

    /**
     * Whether the group has a member beside this one, which need not leave it otherwise only to join again; true as well when that cannot be
     * found out, since leaving does no harm.
     */
    boolean isPresent() throws InterruptedException {
        try {
            return group.members().size() > 1;
        } catch (KafkaException e) {
            LOG.debug("The members of the group are not known", e);
            return true;
        }
    }

    /** Takes from the group what is left in it of this worker: a life that was killed, or a consumer that could not say that it leaves. */
    void dismissEarlierLives() throws InterruptedException {
        try {
            for (WorkerLife life : group.members()) {
                if (life.isNoLaterThan(self)) {
                    LOG.debug("{} is still in the group, and is taken from it", life);
                    group.remove(life);
                }
            }
        } catch (KafkaException e) {
            LOG.info("What an earlier life left in the group stays until Kafka misses it: {}", e.getMessage());
        }
    }

    /** After the consumer has unsubscribed: Kafka keeps the partitions of a static member for it otherwise. */
    void leave() throws InterruptedException {
        try {
            group.remove(self);
        } catch (KafkaException e) {
            LOG.info("The partitions are kept for this worker until Kafka misses it: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        group.close();
    }
}
