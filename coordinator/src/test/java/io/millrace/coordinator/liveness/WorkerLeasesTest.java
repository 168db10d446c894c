package io.millrace.coordinator.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Claimant;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerLeasesTest {
    private static final Claimant FIRST_LIFE = new Claimant("w", "0001");
    private static final Claimant SECOND_LIFE = new Claimant("w", "0002");

    private long nanos;
    private final WorkerLeases leases = new WorkerLeases(Duration.ofSeconds(10), new LeaseClock(0));

    /** Time in which heartbeats can be heard: confirmed four times a second. */
    private void pass(Duration time) {
        for (long end = nanos + time.toNanos(); nanos < end; ) {
            nanos += Duration.ofMillis(250).toNanos();
            leases.confirm(nanos);
        }
    }

    private void beat(Claimant worker, WorkerState state) {
        leases.heard(WorkerHeartbeat.newBuilder()
                .setWorker(worker.worker())
                .setIncarnation(worker.incarnation())
                .setState(state)
                .build());
    }

    @Test
    void heartbeatsKeepTheLease() {
        for (int i = 0; i < 10; i++) {
            beat(FIRST_LIFE, WorkerState.RUNNING);
            pass(Duration.ofSeconds(9));
            assertThat(leases.ended(FIRST_LIFE)).isEmpty();
        }
    }

    @Test
    void silenceEndsTheLease() {
        beat(FIRST_LIFE, WorkerState.RUNNING);
        pass(Duration.ofSeconds(10));
        assertThat(leases.ended(FIRST_LIFE)).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(leases.ended(FIRST_LIFE))
                .hasValueSatisfying(why -> assertThat(why).contains("silent"));
    }

    @Test
    void workerThatWasNeverHeardOfHasALeaseFromTheFirstQuestion() {
        pass(Duration.ofMinutes(5));
        assertThat(leases.ended(FIRST_LIFE)).isEmpty();

        pass(Duration.ofSeconds(9));
        assertThat(leases.ended(FIRST_LIFE)).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(leases.ended(FIRST_LIFE)).isPresent();
    }

    @Test
    void laterLifeEndsTheLeasesOfTheEarlierAtOnce() {
        beat(FIRST_LIFE, WorkerState.RUNNING);
        beat(SECOND_LIFE, WorkerState.RUNNING);

        assertThat(leases.ended(FIRST_LIFE))
                .hasValueSatisfying(why -> assertThat(why).contains("started anew"));
        assertThat(leases.ended(SECOND_LIFE)).isEmpty();
    }

    @Test
    void zombieTakesNothingFromItsSuccessor() {
        beat(SECOND_LIFE, WorkerState.RUNNING);
        beat(FIRST_LIFE, WorkerState.RUNNING);

        assertThat(leases.ended(SECOND_LIFE)).isEmpty();
        assertThat(leases.ended(FIRST_LIFE)).isPresent();
    }

    @Test
    void workerThatHasStoppedHoldsNothing() {
        beat(FIRST_LIFE, WorkerState.RUNNING);
        beat(FIRST_LIFE, WorkerState.STOPPED);

        assertThat(leases.ended(FIRST_LIFE))
                .hasValueSatisfying(why -> assertThat(why).contains("stopped"));
    }

    @Test
    void drainingWorkerKeepsItsLease() {
        beat(FIRST_LIFE, WorkerState.DRAINING);
        pass(Duration.ofSeconds(9));

        assertThat(leases.ended(FIRST_LIFE)).isEmpty();
    }

    @Test
    void outageEndsNoLease() {
        beat(FIRST_LIFE, WorkerState.RUNNING);
        pass(Duration.ofSeconds(5));

        nanos += Duration.ofHours(2).toNanos();
        Duration outage = leases.confirm(nanos);

        assertThat(outage).isEqualTo(Duration.ofHours(2).minus(LeaseClock.LONGEST_STEP));
        assertThat(leases.ended(FIRST_LIFE)).isEmpty();
        pass(Duration.ofSeconds(5));
        assertThat(leases.ended(FIRST_LIFE)).isPresent();
    }

    @Test
    void thoseAreSilentWhoseLeaseEndedUnheard() {
        Claimant stopped = new Claimant("stopped", "1");
        Claimant expected = new Claimant("expected", "1");
        beat(FIRST_LIFE, WorkerState.RUNNING);
        beat(stopped, WorkerState.STOPPED);
        leases.expect(expected);
        pass(Duration.ofSeconds(10));
        assertThat(leases.silent()).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(leases.silent()).containsExactlyInAnyOrder(FIRST_LIFE, expected);

        beat(SECOND_LIFE, WorkerState.RUNNING);
        leases.expect(FIRST_LIFE);
        assertThat(leases.silent()).containsExactly(expected);
    }
}
