package io.millrace.bench.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a recording says of where a process's time went: samples of running threads, by subject, by method and by whole stacks.
 *
 * @param samples how many there are
 * @param subjects samples by what they were spent on
 * @param methods samples by the method that was being executed
 * @param threads samples by the thread, numbers in its name left out
 * @param stacks samples by their frames from the outermost to the innermost, separated by semicolons: what tools for flame graphs read
 */
public record Profile(
        long samples,
        Map<String, Long> subjects,
        Map<String, Long> methods,
        Map<String, Long> threads,
        Map<String, Long> stacks) {
    /** A line of a table. @param share of all samples */
    public record Line(String name, double share) {}

    /** Reads a recording. @throws IOException when it cannot be read */
    public static Profile read(Path recording) throws IOException {
        Map<String, Long> subjects = new HashMap<>();
        Map<String, Long> methods = new HashMap<>();
        Map<String, Long> threads = new HashMap<>();
        Map<String, Long> stacks = new HashMap<>();
        long samples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                RecordedStackTrace trace = event.getStackTrace();
                if (!event.getEventType().getName().equals("jdk.ExecutionSample") || trace == null) {
                    continue;
                }
                samples++;
                List<RecordedFrame> frames = trace.getFrames();
                subjects.merge(subjectOf(frames), 1L, Long::sum);
                methods.merge(nameOf(frames.get(0)), 1L, Long::sum);
                threads.merge(threadOf(event), 1L, Long::sum);
                stacks.merge(stackOf(threadOf(event), frames), 1L, Long::sum);
            }
        }
        return new Profile(samples, subjects, methods, threads, stacks);
    }

    /** The largest of some counts first, as shares of all samples. */
    public List<Line> largest(Map<String, Long> counts, int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(entry -> new Line(entry.getKey(), (double) entry.getValue() / samples))
                .toList();
    }

    private static String subjectOf(List<RecordedFrame> frames) {
        return frames.stream()
                .flatMap(frame -> Subject.of(classOf(frame)).stream())
                .findFirst()
                .orElse(Subject.OTHER);
    }

    private static String threadOf(RecordedEvent event) {
        String name = event.getThread("sampledThread") == null
                ? "?"
                : String.valueOf(event.getThread("sampledThread").getJavaName());
        return name.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "").replaceAll("[0-9]+", "");
    }

    private static String stackOf(String thread, List<RecordedFrame> frames) {
        StringBuilder stack = new StringBuilder(thread);
        for (int i = frames.size() - 1; i >= 0; i--) {
            stack.append(';').append(nameOf(frames.get(i)));
        }
        return stack.toString();
    }

    private static String nameOf(RecordedFrame frame) {
        return classOf(frame) + "." + frame.getMethod().getName();
    }

    private static String classOf(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }
}
