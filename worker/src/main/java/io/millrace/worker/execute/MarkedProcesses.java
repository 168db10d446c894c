package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the processes of this machine by their {@link ProcessMarks}, which it reads in {@code /proc}, and their descendants. Where there is no such file
 * system (macOS) it finds none, and only a process's own descendants are known. A process that cleared its environment, left its parents <i>and</i>
 * lowered its {@link LimitMark} is not found either: nothing in user space without privileges could tell whose it is.
 */
final class MarkedProcesses {
    private static final Path PROC = Path.of("/proc");

    private MarkedProcesses() {}

    static boolean areVisible() {
        return Files.isReadable(PROC.resolve("self").resolve("environ"));
    }

    /** Every living process whose marks the predicate accepts, with all that descend from one; never this process. */
    static List<ProcessHandle> find(Predicate<ProcessMarks> wanted) {
        Map<Long, ProcessHandle> found = new LinkedHashMap<>();
        if (areVisible()) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path entry : entries) {
                    if (wanted.test(ProcessMarks.of(entry))) {
                        ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                                .ifPresent(process -> found.put(process.pid(), process));
                    }
                }
            } catch (IOException unreadable) {
                throw new IllegalStateException("The processes of this machine cannot be listed in /proc.", unreadable);
            }
        }
        for (ProcessHandle process : List.copyOf(found.values())) {
            try (Stream<ProcessHandle> descendants = process.descendants()) {
                descendants.forEach(descendant -> found.putIfAbsent(descendant.pid(), descendant));
            }
        }
        found.remove(ProcessHandle.current().pid());
        return List.copyOf(found.values());
    }
}
