package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("any-jdk")
@Timeout(60)
class PythonHostsTest {
    /** Says whether it was forked from a host; does not hold the word that it looks for, since a launcher's command holds the code. */
    static final String IS_WARM = "import os\nhost = '_'.join(('millrace', 'python', 'host'))\n"
            + "print(host in open('/proc/%d/cmdline' % os.getppid()).read())";

    private static final String HOST = "import os\nprint(os.getppid())";

    @TempDir
    Path directory;

    @TempDir
    Path beside;

    private Workbench bench;

    @BeforeEach
    void needsProc() {
        assumeTrue(MarkedProcesses.areVisible(), "there is no /proc here");
        bench = new Workbench(directory);
    }

    @Test
    void forksAllTasksFromOneInterpreterThatEndsWithTheWorker() {
        ProcessHandle host;
        try (TaskExecution kept = bench.keep()) {
            assertThat(said(IS_WARM)).isEqualTo("True");
            host = host();
            assertThat(host()).isEqualTo(host);
            assertThat(host.isAlive()).isTrue();
        }
        assertThat(host.isAlive()).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void isSwitchedOffByTheWorker() {
        assertThat(said(bench.warmPython(false), IS_WARM)).isEqualTo("False");
    }

    @ParameterizedTest
    @CsvSource({
        "PYTHONHASHSEED, random",
        "PYTHONPATH, /nowhere",
        "LC_ALL, C",
        "LANG, C.UTF-8@other",
        "HOME, /nowhere",
        "LD_LIBRARY_PATH, /nowhere",
        "MALLOC_ARENA_MAX, 1",
        "PYENV_NOTHING, 1"
    })
    void startsColdWhereAVariableHasASayInHowAnInterpreterStarts(String name, String value) {
        assertThat(said(bench.env(Map.of(name, value)), IS_WARM)).isEqualTo("False");
    }

    @ParameterizedTest
    @CsvSource({"MINE, 1", "TZ, Europe/Berlin", "VIRTUAL_ENV, /nowhere", "MILLRACE_TASK, forged", "EMPTY, ''"})
    void staysWarmWhateverElseIsSet(String name, String value) {
        assertThat(said(bench.env(Map.of(name, value)), IS_WARM)).isEqualTo("True");
    }

    @Test
    void startsColdWhereAFileHasASayAndWhereItIsNoSource() {
        bench.files(file("pyvenv.cfg", "home = nowhere"));
        assertThat(said(IS_WARM)).isEqualTo("False");
        bench.files(file("script", IS_WARM));
        bench.lines.clear();
        bench.execute("python", "{\"file\": \"script\"}");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("False");
        bench.files(file("script.py", IS_WARM));
        bench.lines.clear();
        bench.execute("python", "{\"file\": \"script.py\"}");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("True");
    }

    @Test
    void givesATaskWhatALauncherWouldHaveGivenIt() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            bench.env(path(launcher("one", "export ADDED=1 SEEN=\"$GIVEN\"; cd .; exec %s \"$@\"")));
            assertThat(said("import os\nprint(os.environ['ADDED'], os.environ['PWD'] == os.getcwd())"))
                    .isEqualTo("1 True");
            assertThat(said(IS_WARM)).isEqualTo("True");
            bench.env(with(path(beside.resolve("one")), "SEEN", "other"));
            assertThat(said(IS_WARM))
                    .as("what a launcher changes, and would have changed otherwise")
                    .isEqualTo("False");
        }
    }

    @Test
    void startsColdWhereTheLauncherStaysBesideTheInterpreter() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            bench.env(path(launcher("beside", "%s \"$@\"; exit $?")));
            for (int i = 0; i < 3; i++) {
                assertThat(said(IS_WARM)).isEqualTo("False");
            }
            awaitUntil(() -> bench.processes().isEmpty());
        }
    }

    @Test
    void startsColdForAWhileWhenInterpretersDoNotStayAlive() throws Exception {
        Path starts = beside.resolve("starts");
        try (TaskExecution kept = bench.keep()) {
            bench.env(path(launcher(
                    "dying", "case \"$2\" in *python_host*) echo x >> " + starts + "; exit 3;; esac; exec %s \"$@\"")));
            for (int i = 0; i < 5; i++) {
                assertThat(said(IS_WARM)).isEqualTo("False");
            }
        }
        assertThat(Files.readAllLines(starts)).hasSize(3);
    }

    @Test
    void keepsFewInterpreters() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            for (int i = 0; i < 6; i++) {
                bench.env(path(launcher("python" + i, "exec %s \"$@\"")));
                assertThat(said(IS_WARM)).isEqualTo("True");
            }
            awaitUntil(() -> bench.processes().size() == 4);
        }
    }

    @Test
    void startsAnotherInterpreterWhenWhatItsStartReadHasChanged() throws Exception {
        Path environment = beside.resolve("venv");
        run(python(), "-m", "venv", "--without-pip", environment.toString());
        try (TaskExecution kept = bench.keep()) {
            bench.env(Map.of("PATH", environment.resolve("bin") + ":" + System.getenv("PATH")));
            assertThat(said("import sys\nprint(sys.prefix)")).isEqualTo(environment.toString());
            assertThat(said(IS_WARM)).isEqualTo("True");
            ProcessHandle first = host();
            Path packages = Path.of(said("import sysconfig\nprint(sysconfig.get_path('purelib'))"));
            Files.writeString(packages.resolve("late.pth"), "import sys; sys.late = 1\n");
            assertThat(said("import sys\nprint(sys.late)")).isEqualTo("1");
            ProcessHandle second = host();
            assertThat(second).isNotEqualTo(first);
            first.onExit().get(20, TimeUnit.SECONDS);
            Files.writeString(packages.resolve("late.pth"), "import sys; sys.late = 22\n");
            assertThat(said("import sys\nprint(sys.late)"))
                    .as("changed in its place")
                    .isEqualTo("22");
        }
    }

    @Test
    void failsWhatRanAndGoesOnWithAnotherWhenAHostIsKilled() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            ProcessHandle host = host();
            bench.lines.clear();
            CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(
                    // In one write each: both have the same pipe.
                    () -> bench.python(
                            "import os, time\nos.fork()\nos.write(1, b'%d\\n' % os.getpid())\ntime.sleep(300)"));
            awaitUntil(() -> bench.texts(LogStream.STDOUT).size() == 2);
            List<ProcessHandle> processes = bench.texts(LogStream.STDOUT).stream()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
            assertThat(processes).hasSize(2);
            host.destroyForcibly();
            Failure failure = Workbench.failure(execution.get(30, TimeUnit.SECONDS));
            assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.message())
                    .isEqualTo("The worker could not execute the task: the warm Python that had begun it was ended"
                            + " (code 137), and what ran of the task was killed");
            for (ProcessHandle process : processes) {
                process.onExit().get(20, TimeUnit.SECONDS);
            }
            assertThat(said(IS_WARM)).isEqualTo("True");
            assertThat(host()).isNotEqualTo(host);
        }
    }

    @Test
    void diesWithItsTasksWhenTheWorkerIsKilled() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            ProcessHandle host = host();
            bench.lines.clear();
            CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(() -> bench.python(
                    "import os, time\nif os.fork() == 0: os.setsid()\nprint(os.getpid())\ntime.sleep(300)"));
            awaitUntil(() -> bench.texts(LogStream.STDOUT).size() == 2);
            Lifeline.of(bench.life).letGo();
            execution.get(30, TimeUnit.SECONDS);
            host.onExit().get(20, TimeUnit.SECONDS);
            awaitUntil(() -> bench.processes().isEmpty());
        }
    }

    @Test
    void aLaterLifeEndsTheHostsOfAnEarlierOne() throws Exception {
        try (TaskExecution kept = bench.keep()) {
            ProcessHandle host = host();
            Leftovers.end(new ProcessMark(bench.life.worker(), bench.life.home(), "later"));
            host.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsTheWholeTreeOfATaskWhoseTimeIsUpAndLeavesTheHost() {
        try (TaskExecution kept = bench.timeout(Duration.ofMillis(700))
                .killGrace(Duration.ofMillis(300))
                .keep()) {
            ProcessHandle host = host();
            Failure failure = Workbench.failure(bench.python("""
                    import os, signal, time
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    if os.fork() == 0:
                        os.setsid()
                        os.fork()
                    time.sleep(300)
                    """));
            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(bench.processes()).containsExactly(host);
            assertThat(host()).isEqualTo(host);
        }
    }

    @Test
    void countsTheMemoryOfATaskAndNotThatOfOthersOfTheHost() throws Exception {
        try (TaskExecution kept = bench.memory(150L << 20).keep()) {
            ProcessHandle host = host();
            List<CompletableFuture<Execution>> executions = Stream.of(80, 80, 250)
                    .map(size -> CompletableFuture.supplyAsync(() -> bench.python("import time\nkept = bytearray("
                            + size + " << 20)\ntime.sleep(" + (size > 99 ? 300 : 2) + ")")))
                    .toList();
            assertThat(executions.get(0).get().outcome()).isInstanceOf(Outcome.Succeeded.class);
            assertThat(executions.get(1).get().outcome()).isInstanceOf(Outcome.Succeeded.class);
            assertThat(Workbench.failure(executions.get(2).get()).kind()).isEqualTo(FailureKind.LIMIT);
            assertThat(bench.processes()).containsExactly(host);
        }
    }

    @Test
    void runsTasksBesideEachOther() {
        try (TaskExecution kept = bench.keep()) {
            List<CompletableFuture<Execution>> executions = Stream.iterate(0, i -> i + 1)
                    .limit(16)
                    .map(i -> CompletableFuture.supplyAsync(() ->
                            bench.python("import sys, time\ntime.sleep(0.2)\nprint(" + i + ")\nsys.exit(" + i + ")")))
                    .toList();
            for (int i = 0; i < executions.size(); i++) {
                Outcome outcome = executions.get(i).join().outcome();
                assertThat(
                                outcome instanceof Outcome.Failed failed
                                        ? failed.failure().exitCode().orElseThrow()
                                        : 0)
                        .isEqualTo(i);
            }
            assertThat(new HashSet<>(bench.texts(LogStream.STDOUT))).hasSize(16);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BASH_FUNC_x%%", "__PYVENV_LAUNCHER__", "COVERAGE_PROCESS_START", "GLIBC_TUNABLES"})
    void knowsTheVariablesThatStartsRead(String name) {
        assertThat(StartVariables.isRead(name)).isTrue();
        assertThat(StartVariables.isRead("X" + name)).isFalse();
    }

    private ProcessHandle host() {
        return ProcessHandle.of(Long.parseLong(said(HOST))).orElseThrow();
    }

    private String said(String code) {
        return said(bench, code);
    }

    private static String said(Workbench bench, String code) {
        bench.lines.clear();
        Execution execution = bench.python(code);
        assertThat(execution.outcome()).as(bench.lines.toString()).isInstanceOf(Outcome.Succeeded.class);
        return bench.texts(LogStream.STDOUT).get(0);
    }

    /** The directory of a program {@code python3} that is a script; %s stands for the interpreter. */
    private Path launcher(String name, String script) throws IOException, InterruptedException {
        Path program = Files.createDirectories(beside.resolve(name)).resolve("python3");
        Files.writeString(program, "#!/bin/bash\n" + script.replace("%s", python()) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program.getParent();
    }

    private static Map<String, String> path(Path directory) {
        return Map.of("PATH", directory + ":" + System.getenv("PATH"));
    }

    private static Map<String, String> with(Map<String, String> variables, String name, String value) {
        return Map.of("PATH", variables.get("PATH"), name, value);
    }

    /** The interpreter itself, whatever launches it here. */
    private static String python() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
        String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        return path;
    }

    private static void run(String... words) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    private static void awaitUntil(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static TaskFile file(String path, String content) {
        return new TaskFile(path, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), false);
    }
}
