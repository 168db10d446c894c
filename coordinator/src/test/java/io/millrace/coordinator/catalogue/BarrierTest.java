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
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final AtomicInteger waits = new AtomicInteger();
    private final Barrier barrier = new Barrier(waits::incrementAndGet, Duration.ofMillis(200), nanos::get);

    @Test
    void theFirstCallWaits() {
        barrier.pass();

        assertThat(waits).hasValue(1);
    }

    @Test
    void aFloodOfCallsWaitsOnceInTheTolerance() {
        for (int i = 0; i < 10_000; i++) {
            barrier.pass();
            nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(100));
        }

        // 10,000 calls in one second, and a wait every 200 ms of it.
        assertThat(waits).hasValue(5);
    }

    @Test
    void callersThatComeTogetherShareOneWait() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Barrier shared = new Barrier(
                () -> {
                    waits.incrementAndGet();
                    entered.countDown();
                    awaitQuietly(release);
                },
                Duration.ofMillis(200),
                nanos::get);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(CompletableFuture.runAsync(shared::pass, task -> new Thread(task).start()));
        }
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        for (CompletableFuture<Void> caller : callers) {
            caller.get(30, TimeUnit.SECONDS);
        }

        assertThat(waits).hasValue(1);
    }

    @Test
    void aFailedWaitFailsThoseWhoShareItAndNoLaterOne() {
        AtomicInteger calls = new AtomicInteger();
        Barrier failing = new Barrier(
                () -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("Kafka is away");
                    }
                },
                Duration.ofMillis(200),
                nanos::get);

        assertThatThrownBy(failing::pass).hasMessage("Kafka is away");
        assertThatThrownBy(failing::pass).hasMessage("Kafka is away");
        nanos.addAndGet(Duration.ofMillis(200).toNanos());
        failing.pass();

        assertThat(calls).hasValue(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
