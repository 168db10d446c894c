package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mark of a delivery that its processes cannot lay down by accident: a number as their hard limit on file locks, a resource that Linux has not counted
 * since version 2.4, so that the number limits nothing. Children inherit it, whatever becomes of their environment, their parents, their session and
 * their descriptors; without privileges it can be lowered and never raised again, so that only a process that means to hide does so.
 *
 * <p>It is set by {@code prlimit} of util-linux. Where that is missing, or is not let, scripts go without.
 *
 * <p><b>Threading:</b> any number of threads.
 */
final class LimitMark {
    private static final Logger LOG = LoggerFactory.getLogger(LimitMark.class);
    private static final String LINE = "\nMax file locks";
    /** The hard limit is the second figure; "unlimited" is none of ours. */
    private static final Pattern HARD_LIMIT = Pattern.compile(" +\\S+ +(\\d+) ");

    /** A life's nine digits come first, then the nine of a delivery's number. */
    private static final long DELIVERIES = 1_000_000_000;

    private static final long SMALLEST_LIFE = 100_000_000;

    private final ProcessMark life;
    private Optional<List<String>> program = Optional.empty();

    LimitMark(ProcessMark life) {
        this.life = life;
    }

    /** What a life's numbers begin with: nine digits, which two lives on one machine do not share but by a chance of one to a billion. */
    static long of(ProcessMark life) {
        long hash = 0;
        for (char c : life.prefix().toCharArray()) {
            hash = 1_099_511_628_211L * (hash ^ c);
        }
        return SMALLEST_LIFE + Long.remainderUnsigned(hash ^ (hash >>> 32), DELIVERIES - SMALLEST_LIFE);
    }

    /** The number of a delivery, by the value of its variable. */
    static OptionalLong of(String mark) {
        int colon = mark.lastIndexOf(':');
        Optional<ProcessMark> life = ProcessMark.parse(mark);
        return life.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(of(life.get()) * DELIVERIES + Long.parseLong(mark.substring(colon + 1)) % DELIVERIES);
    }

    static boolean isOf(long number, ProcessMark life) {
        return number / DELIVERIES == of(life);
    }

    /** The number that a process has, by its directory in /proc; empty also when it has ended. */
    static OptionalLong read(Path process) {
        try {
            String limits = Files.readString(process.resolve("limits"), StandardCharsets.ISO_8859_1);
            int line = limits.indexOf(LINE);
            Matcher limit = HARD_LIMIT.matcher(limits).region(Math.max(line, 0) + LINE.length(), limits.length());
            return line >= 0 && limit.lookingAt()
                    ? OptionalLong.of(Long.parseUnsignedLong(limit.group(1)))
                    : OptionalLong.empty();
        } catch (IOException hasEnded) {
            return OptionalLong.empty();
        }
    }

    /** What begins a process with the number of this delivery; nothing where that cannot be done. */
    List<String> words(String mark) throws InterruptedException {
        List<String> words = program();
        return words.isEmpty() ? words : List.of(words.get(0), argument(of(mark).orElseThrow()));
    }

    private synchronized List<String> program() throws InterruptedException {
        if (program.isEmpty()) {
            program = Optional.of(Programs.of(System.getenv())
                    .find("prlimit")
                    .filter(this::works)
                    .map(List::of)
                    .orElse(List.of()));
            if (program.get().isEmpty()) {
                LOG.info("Scripts are not marked by a limit on this machine: there is no prlimit, or it may not");
            }
        }
        return program.get();
    }

    /** A worker inside of a task may have a lower limit already, and a sandbox may forbid the call. */
    private boolean works(String prlimit) {
        try {
            Process trial = new ProcessBuilder(prlimit, argument(of(life) * DELIVERIES + DELIVERIES - 1), "true")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.onExit().thenApply(Process::exitValue).join() == 0;
        } catch (IOException cannotBeStarted) {
            return false;
        }
    }

    private static String argument(long number) {
        return "--locks=" + number + ":" + number;
    }
}
