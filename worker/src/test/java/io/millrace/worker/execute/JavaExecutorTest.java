package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JavaExecutorTest {
    @TempDir
    Path directory;

    @Test
    void callsTheHandlerWithInputsAndADirectoryAndTakesItsOutput() {
        Workbench bench = bench(call -> {
                    call.log("two\nlines");
                    Files.writeString(call.workDirectory().resolve("x"), "y");
                    return Map.of("sum", ((Number) call.inputs().getOrDefault("a", 0)).intValue() + 1);
                })
                .inputs("{\"a\": 41}");
        assertThat(Workbench.output(bench.java("h"))).isEqualTo("{\"sum\":42}");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("two", "lines");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void takesNullForAnEmptyOutput() {
        assertThat(Workbench.output(bench(call -> null).java("h"))).isEqualTo("{}");
    }

    @Test
    void failsTheTaskForWhateverIsThrown() {
        Failure exception = Workbench.failure(bench(call -> {
                    throw new IllegalStateException("broken");
                })
                .java("h"));
        assertThat(exception.kind()).isEqualTo(FailureKind.ERROR);
        assertThat(exception.message()).isEqualTo("IllegalStateException: broken");
        assertThat(exception.retryable()).isTrue();
        assertThat(exception.stderrTail().get(0)).contains("IllegalStateException: broken");
        for (Error error : new Error[] {new OutOfMemoryError("x"), new StackOverflowError(), new LinkageError("y")}) {
            Failure failure = Workbench.failure(bench(call -> {
                        throw error;
                    })
                    .java("h"));
            assertThat(failure.message()).startsWith(error.getClass().getSimpleName());
        }
        Failure permanent = Workbench.failure(bench(call -> {
                    throw new HandlerFailure(new IllegalArgumentException("never"), false);
                })
                .java("h"));
        assertThat(permanent.retryable()).isFalse();
        assertThat(permanent.message()).contains("never");
    }

    @Test
    void survivesARealStackOverflow() {
        Failure failure =
                Workbench.failure(bench(call -> Map.of("x", deeper(1))).java("h"));
        assertThat(failure.message()).startsWith("StackOverflowError");
    }

    @Test
    void refusesAnOutputThatCannotBeWrittenOrIsTooLarge() {
        Map<String, Object> endless = new HashMap<>();
        endless.put("self", endless);
        for (Map<String, Object> output :
                java.util.List.of(endless, Map.<String, Object>of("x", "y".repeat(300_000)))) {
            Failure failure = Workbench.failure(bench(call -> output).java("h"));
            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_OUTPUT);
            assertThat(failure.retryable()).isFalse();
        }
    }

    @Test
    void refusesAHandlerThatItDoesNotHave() {
        Failure failure = Workbench.failure(bench(call -> null).java("other"));
        assertThat(failure.message()).isEqualTo("This worker has no handler 'other'; it has h.");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void interruptsAHandlerWhoseTimeIsUp() {
        CompletableFuture<Boolean> sawCancellation = new CompletableFuture<>();
        Workbench bench = bench(call -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        sawCancellation.complete(call.isCancelled());
                    }
                    return null;
                })
                .timeout(Duration.ofMillis(200));
        Execution execution = bench.java("h");
        assertThat(Workbench.failure(execution).kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(execution.slotFree()).isDone();
        assertThat(sawCancellation).isCompletedWithValue(true);
    }

    @Test
    void freesTheSlotOfAHandlerThatWasOutOfTimeBeforeItBegan() throws Exception {
        for (int i = 0; i < 50; i++) {
            Execution execution = bench(call -> null).timeout(Duration.ZERO).java("h");
            execution.slotFree().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void leavesAHandlerBehindThatDoesNotHeedItsInterruption() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Workbench bench = bench(call -> {
                    while (release.getCount() > 0) {
                        try {
                            release.await();
                        } catch (InterruptedException ignored) {
                            call.log("not now");
                        }
                    }
                    return null;
                })
                .timeout(Duration.ofMillis(100))
                .killGrace(Duration.ofMillis(200));
        Execution execution = bench.java("h");
        assertThat(Workbench.failure(execution).kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(bench.texts(LogStream.SYSTEM).get(1)).contains("left behind");
        assertThat(execution.slotFree()).isNotDone();
        release.countDown();
        execution.slotFree().get(10, TimeUnit.SECONDS);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void stopsAHandlerWhenItIsAskedTo() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Workbench bench = bench(call -> {
            running.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(() -> bench.java("h"));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        bench.stop.request(StopSignal.Reason.CANCELLED, "Cancelled.");
        assertThat(execution.get(10, TimeUnit.SECONDS).outcome()).isInstanceOf(Outcome.Stopped.class);
    }

    private Workbench bench(Handler handler) {
        return new Workbench(directory, Map.of("h", handler));
    }

    private static int deeper(int depth) {
        return depth == Integer.MAX_VALUE ? 0 : deeper(depth + 1) + 1;
    }
}
