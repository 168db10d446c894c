package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProcessEndTest {
    /** Says so in one write: print() makes two when Python does not buffer, and another's line may come between. */
    private static final String DAEMON = "python3 -c 'import os, time\n"
            + "if os.fork(): os._exit(0)\n"
            + "os.setsid()\n"
            + "if os.fork(): os._exit(0)\n"
            + "os.write(1, b\"daemon\\n\")\n"
            + "time.sleep(300)'";

    /** A child of process 1 in a session of its own, with an empty environment, nothing open, and in the root directory. */
    private static final String DAEMON_WITHOUT_TRACES = """
            import os
            told, tell = os.pipe()
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.chdir("/")
                    os.write(tell, str(os.getpid()).encode())
                    os.closerange(0, 100)
                    os.execve("/bin/sleep", ["sleep", "300"], {})
                os._exit(0)
            os.wait()
            print(os.read(told, 20).decode())
            """;

    @TempDir
    Path directory;

    @Test
    void reportsTheExitCodeWithTheTailOfStandardError() {
        Workbench bench = new Workbench(directory);
        Failure failure =
                Workbench.failure(bench.shell("for i in $(seq 30); do echo line $i >&2; done; echo out; exit 7"));
        assertThat(failure.kind()).isEqualTo(FailureKind.EXIT);
        assertThat(failure.exitCode()).hasValue(7);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.stderrTail()).hasSize(20).startsWith("line 11").endsWith("line 30");
    }

    @Test
    void endsAtTheFirstCommandThatFails() {
        Workbench bench = new Workbench(directory);
        assertThat(Workbench.failure(bench.shell("false | true; echo reached")).exitCode())
                .hasValue(1);
        assertThat(Workbench.failure(bench.shell("echo $NO_SUCH_VARIABLE; echo reached"))
                        .kind())
                .isEqualTo(FailureKind.EXIT);
        assertThat(bench.texts(LogStream.STDOUT)).isEmpty();
    }

    @Test
    void reportsTheSignalThatEndedTheProcess() {
        for (int signal : new int[] {9, 11, 15}) {
            Failure failure = Workbench.failure(new Workbench(directory).shell("kill -" + signal + " $$; wait"));
            assertThat(failure.kind()).isEqualTo(FailureKind.SIGNAL);
            assertThat(failure.signal()).hasValue(signal);
        }
        // Told by the shell of its last command.
        Failure child = Workbench.failure(new Workbench(directory).shell("sh -c 'kill -9 $$'"));
        assertThat(child.signal()).hasValue(9);
        assertThat(Workbench.failure(new Workbench(directory).shell("exit 255")).kind())
                .isEqualTo(FailureKind.EXIT);
    }

    @Test
    void endsAProcessWhoseTimeIsUpWithAllThatItStarted() {
        Workbench bench = new Workbench(directory).timeout(Duration.ofSeconds(1));
        Failure failure = Workbench.failure(
                bench.shell("nohup sleep 300 & setsid sleep 301 & " + DAEMON + "; (sleep 302 & sleep 303); echo no"));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.message()).contains("1s");
        assertThat(failure.retryable()).isTrue();
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("daemon");
        assertThat(bench.texts(LogStream.SYSTEM)).containsExactly("The time limit of 1s was up.");
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void letsAProcessTidyUpBeforeItIsKilled() {
        Workbench bench = new Workbench(directory).timeout(Duration.ofMillis(700));
        bench.shell("trap 'echo tidied; exit 0' TERM; while :; do sleep 0.05; done");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("tidied");
    }

    @Test
    void killsAProcessThatIgnoresBeingAsked() {
        Workbench bench =
                new Workbench(directory).timeout(Duration.ofMillis(500)).killGrace(Duration.ofMillis(300));
        Instant start = Instant.now();
        assertThat(Workbench.failure(bench.shell("trap '' TERM; while :; do sleep 100; done"))
                        .kind())
                .isEqualTo(FailureKind.TIMEOUT);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void endsWhatAFinishedScriptLeftRunningAndDoesNotWaitForIt() {
        Workbench bench = new Workbench(directory);
        Instant start = Instant.now();
        Execution execution = bench.shell("sleep 300 & " + DAEMON + "; nohup sleep 301 > /dev/null & echo done");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactlyInAnyOrder("daemon", "done");
        assertThat(bench.texts(LogStream.SYSTEM))
                .singleElement()
                .asString()
                .contains("processes that the task had left");
        assertThat(bench.processes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsAProcessThatLaidDownEverythingByWhichItCouldBeKnown(boolean warm) throws Exception {
        assumeTrue(Programs.of(System.getenv()).find("prlimit").isPresent(), "there is no prlimit here");
        Workbench bench = new Workbench(directory).warmPython(warm);
        Execution execution = bench.python(DAEMON_WITHOUT_TRACES);
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.texts(LogStream.SYSTEM)).containsExactly("Ended 1 process that the task had left running.");
        // It stays in the system's table until process 1 has heard of its end.
        Optional<ProcessHandle> daemon =
                ProcessHandle.of(Long.parseLong(bench.texts(LogStream.STDOUT).get(0)));
        if (daemon.isPresent()) {
            daemon.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theLifelineKillsAProcessThatLaidDownEverythingByWhichItCouldBeKnown() throws Exception {
        assumeTrue(Programs.of(System.getenv()).find("prlimit").isPresent(), "there is no prlimit here");
        ProcessMark life = new ProcessMark("lifeline-test", "home", "life-" + System.nanoTime());
        List<String> words = new ArrayList<>(new LimitMark(life).words(life.prefix() + "1"));
        words.addAll(List.of("env", "-i", "sleep", "300"));
        Process hidden = new ProcessBuilder(words).start();
        try {
            Lifeline.of(life).letGo();
            hidden.onExit().get(20, TimeUnit.SECONDS);
        } finally {
            hidden.destroyForcibly();
        }
    }

    /** One that is out to hide, and lowers the limit by which it was marked: it is not found, but nobody waits for it either. */
    @Test
    void isNotHeldUpByAProcessThatMeansToHideAndHoldsItsOutput() throws Exception {
        Workbench bench = new Workbench(directory);
        Instant start = Instant.now();
        Execution execution =
                bench.shell("ulimit -x 1; env -i setsid sh -c 'echo $$ >&2; sleep 300' & sleep 0.3; echo done");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("done");
        ProcessHandle hidden = ProcessHandle.of(
                        Long.parseLong(bench.texts(LogStream.STDERR).get(0)))
                .orElseThrow();
        hidden.descendants().forEach(ProcessHandle::destroyForcibly);
        hidden.destroyForcibly();
        hidden.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void keepsTheLastLinesOfAProcessBehindTheFirst() {
        for (int i = 0; i < 20; i++) {
            Workbench bench = new Workbench(directory);
            Failure failure =
                    Workbench.failure(bench.shell("exec > >(sleep 0.05; cat >&2) 2>&1; echo the reason; exit 1"));
            assertThat(failure.stderrTail()).containsExactly("the reason");
        }
    }

    @Test
    void stopsWhenItIsAskedTo() throws Exception {
        Workbench bench = new Workbench(directory);
        CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(() -> bench.shell("echo up; sleep 300"));
        while (bench.lines.isEmpty()) {
            Thread.onSpinWait();
        }
        bench.stop.request(StopSignal.Reason.RELEASED, "Shutting down.");
        assertThat(bench.stop.request(StopSignal.Reason.CANCELLED, "Too late.")).isFalse();
        Outcome outcome = execution.get(30, TimeUnit.SECONDS).outcome();
        assertThat(outcome)
                .isEqualTo(new Outcome.Stopped(new StopSignal.Request(StopSignal.Reason.RELEASED, "Shutting down.")));
        assertThat(bench.texts(LogStream.SYSTEM)).containsExactly("Shutting down.");
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void endsAProcessThatForksWhileItIsBeingKilled() {
        Workbench bench =
                new Workbench(directory).timeout(Duration.ofMillis(500)).killGrace(Duration.ZERO);
        bench.shell("f() { while :; do (trap '' TERM; sleep 5) & sleep 0.01; done; }; f & f");
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void boundsWhatItKeepsOfEndlessOutput() {
        Workbench bench = new Workbench(directory).outputLimit(100_000);
        Execution execution = bench.shell("(yes || true) | head -c 20000000; echo the end >&2; exit 3");
        assertThat(execution.truncated()).isTrue();
        assertThat(bench.lines).hasSizeLessThan(10_000);
        assertThat(bench.lines.get(bench.lines.size() - 1).text()).contains("over its limit of 100000 bytes");
        assertThat(Workbench.failure(execution).stderrTail()).containsExactly("the end");
    }

    @Test
    void survivesGiganticAndEmptyLines() {
        Workbench bench = new Workbench(directory).outputLimit(1_000_000);
        Execution execution =
                bench.shell("head -c 200000000 /dev/zero; echo; (yes '' || true) | head -n 3000000; echo end");
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(bench.lines.get(0).text()).hasSize(8_000);
        assertThat(bench.lines).hasSizeLessThan(70_000);
    }

    @Test
    void endsWhatAnEarlierLifeInItsHomeLeftBehindAndLeavesOthersAlone() throws Exception {
        ProcessMark life = new ProcessMark("w", "home-" + System.nanoTime(), "new");
        Process left = sleeping(new ProcessMark("w", life.home(), "old").prefix() + "1");
        Process own = sleeping(life.prefix() + "1");
        Process namesakes = sleeping(new ProcessMark("w", "home-elsewhere", "old").prefix() + "1");
        try {
            Leftovers.end(life);
            left.onExit().get(10, TimeUnit.SECONDS);
            assertThat(own.isAlive()).isTrue();
            assertThat(namesakes.isAlive()).isTrue();
        } finally {
            Stream.of(left, own, namesakes).forEach(Process::destroyForcibly);
        }
    }

    @Test
    void theLifelineKillsEverythingOfALifeThatEnds() throws Exception {
        ProcessMark life = new ProcessMark("lifeline-test", "home", "life-" + System.nanoTime());
        Process script = sleeping(life.prefix() + "1");
        Process other = sleeping("lifeline-test:home:other:1");
        try {
            Lifeline.of(life).letGo();
            script.onExit().get(20, TimeUnit.SECONDS);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
            script.destroyForcibly();
        }
    }

    private static Process sleeping(String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("setsid", "sleep", "300"));
        builder.environment().put(ProcessMark.VARIABLE, mark);
        return builder.start();
    }
}
