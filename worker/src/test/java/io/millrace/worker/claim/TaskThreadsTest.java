package io.millrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskThreadsTest {
    private final TaskThreads threads = new TaskThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void beginsEveryTaskThoughAllOthersRun() throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(201);
        for (int i = 0; i < 200; i++) {
            threads.execute(() -> meet(barrier));
        }
        barrier.await(30, TimeUnit.SECONDS);
    }

    @Test
    void beginsATaskBehindShortOnesThoughLongOnesRun() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        for (int round = 0; round < 500; round++) {
            CountDownLatch begun = new CountDownLatch(3);
            threads.execute(begun::countDown);
            threads.execute(() -> {
                begun.countDown();
                awaitQuietly(release);
            });
            threads.execute(begun::countDown);
            assertThat(begun.await(30, TimeUnit.SECONDS)).as("round %s", round).isTrue();
        }
        release.countDown();
    }

    @Test
    void executesShortTasksOnceEachByFewThreads() throws Exception {
        int senders = 4;
        int each = 20_000;
        AtomicInteger executed = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(senders * each);
        for (int i = 0; i < senders; i++) {
            new Thread(() -> {
                        for (int task = 0; task < each; task++) {
                            threads.execute(() -> {
                                executed.incrementAndGet();
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(executed).hasValue(senders * each);
        assertThat(threads.count()).isLessThan(1_000);
    }

    @Test
    void executesOneAfterTheOtherInAThreadThatRested() throws Exception {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            CountDownLatch done = new CountDownLatch(1);
            threads.execute(() -> {
                seen.add(Thread.currentThread());
                done.countDown();
            });
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
        // The one before may still be on its way to its rest.
        assertThat(seen).hasSizeLessThan(50);
    }

    @Test
    void goesOnAfterATaskThatThrowsAndOneThatLeavesItsThreadInterrupted() throws Exception {
        CountDownLatch done = new CountDownLatch(3);
        threads.execute(() -> {
            done.countDown();
            throw new IllegalStateException("on purpose");
        });
        threads.execute(() -> {
            Thread.currentThread().interrupt();
            done.countDown();
        });
        threads.execute(done::countDown);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptsWhatRunsAndTakesNothingMoreWhenItIsClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        threads.execute(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        threads.close();
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
