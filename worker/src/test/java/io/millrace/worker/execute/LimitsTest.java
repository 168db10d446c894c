package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.FailureKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitsTest {
    private static final long MEBIBYTE = 1L << 20;

    @TempDir
    Path directory;

    @Test
    void killsAScriptThatTakesTooMuchMemoryAndNamesTheLimit() {
        Workbench bench = new Workbench(directory).memory(64 * MEBIBYTE);
        Failure failure =
                Workbench.failure(bench.python("import time\nkept = bytearray(200 * 1024 * 1024)\ntime.sleep(300)"));
        assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failure.message())
                .contains("over the limit of 64MiB")
                .contains("memory of the task")
                .containsPattern("took [12]?\\d\\d(\\.\\d)?MiB");
        assertThat(failure.retryable()).isTrue();
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void countsWhatAScriptsProcessesTakeTogetherWhereverTheyHide() {
        Workbench bench = new Workbench(directory).memory(120 * MEBIBYTE);
        String hidden = "import time; kept = bytearray(70 * 1024 * 1024); time.sleep(300)";
        Failure failure = Workbench.failure(bench.shell("env -i /usr/bin/env python3 -c '" + hidden + "' & "
                + "setsid -f python3 -c '" + hidden + "'; wait; sleep 300"));
        assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
        assertThat(bench.processes()).isEmpty();
    }

    @Test
    void chargesMemoryThatForkedProcessesShareOnce() {
        Workbench bench = new Workbench(directory).memory(250 * MEBIBYTE);
        String forks = """
                import os, time
                kept = bytearray(100 * 1024 * 1024)
                children = []
                for _ in range(4):
                    child = os.fork()
                    if child == 0:
                        time.sleep(2)
                        os._exit(0)
                    children.append(child)
                for child in children:
                    os.waitpid(child, 0)
                """;
        assertThat(Workbench.output(bench.python(forks)))
                .as("five processes with 100 MiB resident each, which is the same 100 MiB")
                .isEqualTo("{}");
    }

    @Test
    void leavesAScriptAloneThatKeepsWithinItsLimits() {
        Workbench bench = new Workbench(directory).memory(512 * MEBIBYTE).disk(10 * MEBIBYTE);
        assertThat(Workbench.output(bench.python("import time\nkept = bytearray(100 * 1024 * 1024)\ntime.sleep(1.5)")))
                .isEqualTo("{}");
    }

    @Test
    void killsAScriptWhoseFilesGrowOverTheLimit() {
        Workbench bench = new Workbench(directory).disk(5 * MEBIBYTE);
        Failure failure = Workbench.failure(
                bench.shell(
                        "mkdir deep; ln -s / deep/link; head -c 6000000 /dev/zero > deep/file; chmod 000 deep/file; sleep 300"));
        assertThat(failure.kind()).isEqualTo(FailureKind.LIMIT);
        assertThat(failure.message())
                .contains("5.7MiB")
                .contains("over the limit of 5MiB")
                .contains("worker.task.disk");
        assertThat(directory).isEmptyDirectory();
    }
}
