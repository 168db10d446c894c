package io.millrace.coordinator.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private static final Duration DISTANCE = Duration.ofMillis(20);

    /** A clock that only goes on when somebody pauses, or asks: no two moments are the same. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final AtomicInteger waits = new AtomicInteger();
    private final Barrier barrier = barrier(waits::incrementAndGet);

    @Test
    void everyQuestionIsAnsweredByAWaitThatBeganAfterIt() {
        for (int i = 1; i <= 10; i++) {
            barrier.pass(now());
            assertThat(waits).hasValue(i);
        }
    }

    @Test
    void questionsThatCameUpTogetherShareOneWait() {
        long polledAt = now();
        for (int i = 0; i < 10_000; i++) {
            barrier.pass(polledAt);
        }

        assertThat(waits).hasValue(1);
    }

    @Test
    void aFloodOfQuestionsKeepsItsDistance() {
        long start = now();
        for (int i = 0; i < 50; i++) {
            barrier.pass(now());
        }

        assertThat(Duration.ofNanos(now() - start)).isGreaterThanOrEqualTo(DISTANCE.multipliedBy(49));
    }

    @Test
    void aSingleQuestionDoesNotPause() {
        barrier.pass(now());
        nanos.addAndGet(DISTANCE.toNanos());
        long before = now();
        barrier.pass(now());

        assertThat(Duration.ofNanos(now() - before)).isLessThan(DISTANCE);
    }

    @Test
    void callersThatComeWhileOthersWaitShareTheNextWait() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Barrier shared = barrier(() -> {
            waits.incrementAndGet();
            entered.countDown();
            awaitQuietly(release);
        });
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        callers.add(passing(shared));
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        CountDownLatch asked = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        long at = now();
                        asked.countDown();
                        shared.pass(at);
                    },
                    task -> new Thread(task).start()));
        }
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        for (CompletableFuture<Void> caller : callers) {
            caller.get(30, TimeUnit.SECONDS);
        }

        assertThat(waits).hasValue(2);
    }

    @Test
    void aFailedWaitFailsThoseWhoShareItAndNoLaterOne() {
        Barrier failing = barrier(() -> {
            if (waits.incrementAndGet() == 1) {
                throw new IllegalStateException("Kafka is away");
            }
        });
        long together = now();

        assertThatThrownBy(() -> failing.pass(together)).hasMessage("Kafka is away");
        assertThatThrownBy(() -> failing.pass(together)).hasMessage("Kafka is away");
        failing.pass(now());

        assertThat(waits).hasValue(2);
    }

    private Barrier barrier(Runnable awaitEnd) {
        return new Barrier(awaitEnd, DISTANCE, this::now, nanos::addAndGet);
    }

    private CompletableFuture<Void> passing(Barrier shared) {
        return CompletableFuture.runAsync(() -> shared.pass(now()), task -> new Thread(task).start());
    }

    private long now() {
        return nanos.incrementAndGet();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
