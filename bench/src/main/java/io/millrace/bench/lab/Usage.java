package io.millrace.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a process has taken of the machine.
 *
 * @param cpu the time of processors since its start, of all its threads
 * @param residentBytes its memory now; empty where the system does not tell
 */
public record Usage(Duration cpu, OptionalLong residentBytes) {
    static Usage of(ProcessHandle process) {
        return new Usage(process.info().totalCpuDuration().orElse(Duration.ZERO), resident(process.pid()));
    }

    private static OptionalLong resident(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst();
        } catch (IOException noProc) {
            return OptionalLong.empty();
        }
    }
}
