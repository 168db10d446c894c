package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessMemoryTest {
    private static final long MEBIBYTE = 1L << 20;

    /** Seen by the walk while it ran, a zombie by the time that the exact share is asked for. */
    @Test
    void aProcessThatHasEndedTakesNothingThoughNobodyHasAskedHowItEnded() throws IOException {
        String mark = new ProcessMark("w", "home-" + System.nanoTime(), "life").prefix() + "1";
        Process parent = process(mark, """
                import os, signal, time
                child = os.fork()
                if child == 0:
                    kept = bytearray(100 * 1024 * 1024)
                    print("ready", flush=True)
                    time.sleep(300)
                input()
                os.kill(child, signal.SIGKILL)
                os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
                print("ended", flush=True)
                input()
                """);
        try (BufferedReader says = parent.inputReader();
                Writer told = parent.outputWriter()) {
            ProcessMemory memory = new ProcessMemory();
            assertThat(says.readLine()).isEqualTo("ready");
            assertThat(memory.bytesOf(mark, 0)).isGreaterThan(100 * MEBIBYTE);

            told.write("\n");
            told.flush();
            assertThat(says.readLine()).isEqualTo("ended");
            assertThat(memory.bytesOf(mark, 0)).isPositive().isLessThan(50 * MEBIBYTE);
        } finally {
            parent.destroyForcibly();
        }
    }

    private static Process process(String mark, String script) throws IOException {
        ProcessBuilder process = new ProcessBuilder("python3", "-c", script);
        process.environment().put(ProcessMark.VARIABLE, mark);
        return process.start();
    }
}
