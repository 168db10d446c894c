package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the processes of this machine that carry a {@link ProcessMark}, by reading {@code /proc/*&#47;environ}, and their descendants. Where there is
 * no such file system (macOS) it finds none, and only a process's own descendants are known. A process that cleared its environment <i>and</i> left its
 * parents is not found either: nothing in user space without privileges could tell whose it is.
 */
final class MarkedProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final String ASSIGNMENT = "\0" + ProcessMark.VARIABLE + "=";

    private MarkedProcesses() {}

    static boolean areVisible() {
        return Files.isReadable(PROC.resolve("self").resolve("environ"));
    }

    /** Every living process whose mark the predicate accepts, with all that descend from one; never this process. */
    static List<ProcessHandle> find(Predicate<String> mark) {
        Map<Long, ProcessHandle> found = new LinkedHashMap<>();
        if (areVisible()) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path entry : entries) {
                    if (markOf(entry).filter(mark).isPresent()) {
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

    /** The mark of a process, by its directory in /proc. */
    static Optional<String> markOf(Path process) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(process.resolve("environ"));
        } catch (IOException goneOrForeign) {
            // Ended between listing and reading, or another user's: neither is one of ours.
            return Optional.empty();
        }
        if (bytes.length == 0) {
            return Optional.empty();
        }
        String environment = "\0" + new String(bytes, StandardCharsets.ISO_8859_1);
        int start = environment.indexOf(ASSIGNMENT);
        if (start < 0) {
            return Optional.empty();
        }
        int end = environment.indexOf('\0', start + 1);
        return Optional.of(environment.substring(start + ASSIGNMENT.length(), end < 0 ? environment.length() : end));
    }
}
