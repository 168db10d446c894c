package io.millrace.coordinator.liveness;

import io.millrace.engine.Claimant;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.group.WorkerGroup;
import io.millrace.schemas.group.WorkerLife;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the workers whose lease has ended from their group, and ends their transactions (G7): what is dispatched to their partitions
 * goes to others then, and not when Kafka misses them. Every coordinator does so, and to each life once in a silence.
 *
 * <p>Nothing rests on it but time: a worker that lives after all is taken for a new member when it is back.
 *
 * <p><b>Threading:</b> a thread of its own, which waits for Kafka.
 */
public final class LostWorkers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LostWorkers.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final HeartbeatReader heartbeats;
    private final WorkerGroup group;
    private final Set<Claimant> dismissed = new HashSet<>();
    private final Rounds rounds;
    private boolean introduced;

    /** Begins to look. @param heartbeats is not closed by it */
    public LostWorkers(KafkaAccess kafka, HeartbeatReader heartbeats) {
        this.heartbeats = heartbeats;
        this.group = new WorkerGroup(kafka);
        this.rounds = Rounds.begin("lost-workers", INTERVAL, this::look, group);
    }

    private void look() throws InterruptedException {
        introduce();
        dismissLost();
    }

    /** A worker that died before this coordinator began will never be heard, but is a member still. */
    private void introduce() throws InterruptedException {
        if (!introduced) {
            group.members().forEach(life -> heartbeats.expect(new Claimant(life.worker(), life.incarnation())));
            introduced = true;
        }
    }

    private void dismissLost() throws InterruptedException {
        Set<Claimant> silent = heartbeats.silent();
        dismissed.retainAll(silent);
        for (Claimant lost : silent) {
            if (!dismissed.contains(lost)) {
                group.dismiss(new WorkerLife(lost.worker(), lost.incarnation()));
                dismissed.add(lost);
                log.info("Worker {} is lost: its partitions go to others", lost.worker());
            }
        }
    }

    /** Stops looking. */
    @Override
    public void close() {
        rounds.close();
    }
}
