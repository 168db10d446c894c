package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
    private static final String ENDED = "ZXx";

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
                    if (wanted.test(ProcessMarks.of(entry)) && !hasEnded(entry)) {
                        ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                                .ifPresent(process -> found.put(process.pid(), process));
                    }
                }
            } catch (IOException unreadable) {
                throw new IllegalStateException("The processes of this machine cannot be listed in /proc.", unreadable);
            }
        }
        if (!found.isEmpty()) {
            addDescendants(found);
        }
        found.remove(ProcessHandle.current().pid());
        return List.copyOf(found.values());
    }

    /** A process that has ended keeps its limits until its parent, or process 1, has heard of it. */
    private static boolean hasEnded(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // Behind the program's name, which is in parentheses and may hold anything.
            return ENDED.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException gone) {
            return true;
        }
    }

    /** By one look at all processes, and not by one for each that was found: a script may have started thousands. */
    private static void addDescendants(Map<Long, ProcessHandle> found) {
        Map<Long, List<ProcessHandle>> children = new HashMap<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.forEach(process -> process.parent()
                    .ifPresent(parent -> children.computeIfAbsent(parent.pid(), pid -> new ArrayList<>())
                            .add(process)));
        }
        Deque<ProcessHandle> open = new ArrayDeque<>(found.values());
        while (!open.isEmpty()) {
            for (ProcessHandle child : children.getOrDefault(open.remove().pid(), List.of())) {
                if (found.putIfAbsent(child.pid(), child) == null) {
                    open.add(child);
                }
            }
        }
    }
}
