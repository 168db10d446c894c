package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Measures how much memory all processes of a delivery take, by {@code /proc}: one walk serves all deliveries of the worker. What is resident is summed
 * up first; only where that exceeds the limit it is counted exactly, each page that processes share divided among them (PSS, with what was swapped
 * out): a pool of forked workers is not charged its parent's memory many times.
 *
 * <p><b>Threading:</b> any number of threads ask; the first of them after a while walks.
 */
final class ProcessMemory {
    private static final Path PROC = Path.of("/proc");
    private static final Duration FRESH = Duration.ofMillis(400);
    /** A process that was just forked carries the environment of its worker or its host until it becomes its program, or says whose it is. */
    private static final int LOOKS_FOR_A_MARK = 5;

    // Fields of /proc/<pid>/stat, by proc(5), counted from the process's state on.
    private static final int PARENT = 1;
    private static final int START = 19;
    private static final int RESIDENT_PAGES = 21;

    private static final Pattern PAGE_SIZE = Pattern.compile("KernelPageSize:\\s+(\\d+) kB");
    private static final Pattern SHARE = Pattern.compile("(?m)^(?:Pss|SwapPss):\\s+(\\d+) kB");

    private record Resident(long pid, long parent, long start, long bytes, ProcessMarks marks, int looks) {}

    private final long pageBytes = pageBytes();
    private Map<Long, Resident> processes = Map.of();
    private long walkedNanos;
    private boolean walked;

    /** Whether this machine tells. */
    static boolean isVisible() {
        return MarkedProcesses.areVisible();
    }

    /** What the processes with this mark, and all that descend from one, take; exact only above the threshold. */
    long bytesOf(String mark, long threshold) {
        List<Resident> members = membersOf(mark);
        long resident = members.stream().mapToLong(Resident::bytes).sum();
        return resident <= threshold
                ? resident
                : members.stream().mapToLong(this::shareOf).sum();
    }

    private synchronized List<Resident> membersOf(String mark) {
        if (!walked || System.nanoTime() - walkedNanos > FRESH.toNanos()) {
            walk();
        }
        Map<Long, List<Resident>> children = new HashMap<>();
        Deque<Resident> open = new ArrayDeque<>();
        for (Resident process : processes.values()) {
            children.computeIfAbsent(process.parent(), added -> new ArrayList<>())
                    .add(process);
            if (process.marks().areOf(mark)) {
                open.add(process);
            }
        }
        Set<Resident> members = new HashSet<>();
        while (!open.isEmpty()) {
            Resident next = open.poll();
            if (members.add(next)) {
                open.addAll(children.getOrDefault(next.pid(), List.of()));
            }
        }
        return List.copyOf(members);
    }

    private void walk() {
        Map<Long, Resident> found = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                Resident process = read(entry);
                if (process != null) {
                    found.put(process.pid(), process);
                }
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException("The processes of this machine cannot be listed in /proc.", unreadable);
        }
        processes = found;
        walked = true;
        walkedNanos = System.nanoTime();
    }

    /** Null when the process has ended meanwhile. */
    private @Nullable Resident read(Path entry) {
        long pid = Long.parseLong(entry.getFileName().toString());
        String[] stat = stat(entry);
        if (stat.length == 0) {
            return null;
        }
        long start = Long.parseLong(stat[START]);
        long parent = Long.parseLong(stat[PARENT]);
        long bytes = bytesOf(stat);
        Resident known = processes.get(pid);
        if (known == null || known.start() != start) {
            return new Resident(pid, parent, start, bytes, ProcessMarks.of(entry), 1);
        }
        boolean isMarked = known.marks()
                .variable()
                .filter(mark -> !ProcessMark.isOfHosts(mark))
                .isPresent();
        boolean isSettled = isMarked || known.looks() >= LOOKS_FOR_A_MARK;
        ProcessMarks marks = isSettled ? known.marks() : ProcessMarks.of(entry);
        return new Resident(pid, parent, start, bytes, marks, known.looks() + 1);
    }

    /** What is resident now where the exact share is not told: nothing when the process has ended, also while its parent has not asked how. */
    private long shareOf(Resident process) {
        Path entry = PROC.resolve(Long.toString(process.pid()));
        String rollup;
        try {
            rollup = Files.readString(entry.resolve("smaps_rollup"));
        } catch (IOException endedOrNotTold) {
            String[] stat = stat(entry);
            return stat.length == 0 || Long.parseLong(stat[START]) != process.start() ? 0 : bytesOf(stat);
        }
        return SHARE.matcher(rollup)
                .results()
                .mapToLong(found -> 1024 * Long.parseLong(found.group(1)))
                .sum();
    }

    /** The fields of a process counted from its state on, since the name before it may hold anything; none when it has ended. */
    private static String[] stat(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException hasEnded) {
            return new String[0];
        }
    }

    private long bytesOf(String[] stat) {
        return Long.parseLong(stat[RESIDENT_PAGES]) * pageBytes;
    }

    private static long pageBytes() {
        try {
            Matcher size =
                    PAGE_SIZE.matcher(Files.readString(PROC.resolve("self").resolve("smaps")));
            return size.find() ? 1024 * Long.parseLong(size.group(1)) : 4096;
        } catch (IOException usual) {
            return 4096;
        }
    }
}
