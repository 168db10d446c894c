package io.millrace.worker.execute;

import io.millrace.event.LogStream;
import io.millrace.worker.secret.AttemptSecrets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Everything that one execution writes, bounded: a line to 8,000 characters, all lines together to a limit in bytes, after which lines are counted
 * but not kept; a closing line says so. Keeps the tail of standard error, whatever the limit. No secret of the execution is in any of it (G9).
 *
 * <p><b>Threading:</b> both readers of a process, a handler's threads and the worker write at any time; each call is atomic.
 */
public final class TaskOutput {
    /** The longest line that is kept, in chars; the rest of a longer one is dropped. */
    static final int MAX_LINE_CHARS = 8_000;

    private static final int TAIL_LINES = 20;
    private static final int TAIL_LINE_CHARS = 1_000;
    /** What an empty line costs: without it a flood of line ends would be free and fill the memory. */
    private static final int BYTES_PER_LINE = 16;

    private final LineSink sink;
    private final Clock clock;
    private final long limitBytes;
    private final AttemptSecrets secrets;
    private final TaskProgress progress;
    private final Deque<String> stderrTail = new ArrayDeque<>();
    private long keptBytes;
    private long droppedLines;
    private boolean finished;

    TaskOutput(LineSink sink, Clock clock, long limitBytes, AttemptSecrets secrets, ProgressSink progress) {
        this.progress = new TaskProgress(this, progress);
        this.sink = sink;
        this.clock = clock;
        this.limitBytes = limitBytes;
        this.secrets = secrets;
    }

    /** The secrets of this execution: what is resolved of them is hidden in all that is written from then on. */
    AttemptSecrets secrets() {
        return secrets;
    }

    /** By what the execution says how far it is. */
    TaskProgress progress() {
        return progress;
    }

    /** Takes a line of the task; after the execution's end it is ignored. */
    public synchronized void line(LogStream stream, String text) {
        if (finished) {
            return;
        }
        String line = cut(secrets.mask().line(text, MAX_LINE_CHARS), MAX_LINE_CHARS);
        if (stream == LogStream.STDERR) {
            remember(line);
        }
        long cost = line.length() + BYTES_PER_LINE;
        if (droppedLines > 0 || keptBytes + cost > limitBytes) {
            droppedLines++;
            return;
        }
        keptBytes += cost;
        sink.accept(clock.instant(), stream, line);
    }

    /** Says something of the worker's own; such lines do not count against the limit. */
    synchronized void system(String text) {
        if (!finished) {
            sink.accept(clock.instant(), LogStream.SYSTEM, cut(secrets.mask().of(text), MAX_LINE_CHARS));
        }
    }

    /** Ends the output: says what was dropped, and takes nothing more. */
    synchronized void finish() {
        if (droppedLines > 0) {
            system("The output is over its limit of " + limitBytes + " bytes: " + droppedLines
                    + (droppedLines == 1 ? " line was" : " lines were") + " dropped.");
        }
        finished = true;
    }

    synchronized boolean isTruncated() {
        return droppedLines > 0;
    }

    synchronized List<String> stderrTail() {
        return List.copyOf(stderrTail);
    }

    private void remember(String line) {
        if (stderrTail.size() == TAIL_LINES) {
            stderrTail.removeFirst();
        }
        stderrTail.addLast(cut(line, TAIL_LINE_CHARS));
    }

    /** The beginning of a text, never half a surrogate pair. */
    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }
}
