package io.millrace.cli.crontab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Reads one field of a line's time by the rules of Vixie's cron and cronie, which are stricter than those of {@link
 * io.millrace.schedule.Cron}, and gives a field of the latter that means the same. What versions of cron read differently is refused.
 */
final class FieldReader {
    private static final Pattern TERM =
            Pattern.compile("(?<from>\\*|\\w*)(?:(?<by>[-~])(?<to>\\w*))?(?:/(?<step>\\w*))?");

    private final TimeField field;
    private final String text;
    private final String seed;
    private Optional<String> remark = Optional.empty();

    /** @param seed what decides a value that is random in cron */
    FieldReader(TimeField field, String text, String seed) {
        this.field = field;
        this.text = text;
        this.seed = seed;
    }

    /** The field as a schedule has it. */
    String read() throws CrontabFault {
        List<String> terms = new ArrayList<>();
        for (String term : text.split(",", -1)) {
            terms.add(term(term));
        }
        return String.join(",", terms);
    }

    /** What is to be said of it; after {@link #read}. */
    Optional<String> remark() {
        return remark;
    }

    private String term(String term) throws CrontabFault {
        Matcher parts = TERM.matcher(term);
        if (term.isEmpty() || !parts.matches()) {
            throw bad(term);
        }
        String from = parts.group("from");
        Optional<String> by = Optional.ofNullable(parts.group("by"));
        Optional<String> step = Optional.ofNullable(parts.group("step"));
        if (by.filter("~"::equals).isPresent()) {
            return random(term, from, parts.group("to"), step);
        }
        if (from.equals("*")) {
            if (by.isPresent()) {
                throw bad(term);
            }
            // A larger step reaches the first value alone, and so does this one.
            return step.isEmpty() ? "*" : everySoMany("*", step(step.get()));
        }
        int first = value(from, term);
        if (by.isEmpty()) {
            if (step.isPresent()) {
                throw new CrontabFault("\"" + term + "\" is not read alike by all versions of cron; write " + from
                        + ", or " + first + "-" + field.most() + "/" + step.get());
            }
            return written(from);
        }
        String to = parts.group("to");
        int last = value(to, term);
        if (first > last) {
            throw new CrontabFault(
                    "the range " + term + " of the " + field.words() + " runs backwards, which cron refuses");
        }
        return step.isEmpty()
                ? written(from) + "-" + written(to)
                : steppedRange(written(from), written(to), step(step.get()));
    }

    private String steppedRange(String from, String to, int step) {
        return step > field.size() ? from : everySoMany(from + "-" + to, step);
    }

    private String everySoMany(String range, int step) {
        return range + "/" + Math.min(step, field.size());
    }

    /** cronie and OpenBSD choose a value when they read the crontab; we choose by its text, so that it stays. */
    private String random(String term, String from, String to, Optional<String> step) throws CrontabFault {
        if (step.isPresent()) {
            throw new CrontabFault("\"" + term + "\" is not read alike by all versions of cron; write the values");
        }
        int first = from.isEmpty() ? field.least() : value(from, term);
        int last = to.isEmpty() ? field.most() : value(to, term);
        if (first > last) {
            throw new CrontabFault(
                    "the range " + term + " of the " + field.words() + " runs backwards, which cron refuses");
        }
        CRC32 checksum = new CRC32();
        checksum.update((field.words() + "\n" + seed).getBytes(StandardCharsets.UTF_8));
        String chosen = Long.toString(first + checksum.getValue() % (last - first + 1));
        remark = Optional.of("cron chooses the " + field.words() + " " + term + " by chance; here it is " + chosen);
        return chosen;
    }

    /** A name as it is, and a number without needless zeros. */
    private static String written(String word) {
        return word.matches("\\d+") ? Integer.toString(Integer.parseInt(word)) : word;
    }

    private int step(String digits) throws CrontabFault {
        int step = digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
        if (step == 0) {
            throw new CrontabFault("\"" + digits + "\" is no step for the " + field.words());
        }
        return step;
    }

    private int value(String word, String term) throws CrontabFault {
        int value = word.matches("\\d{1,4}") ? Integer.parseInt(word) : field.numberOf(word.toLowerCase(Locale.ROOT));
        if (value < field.least() || value > field.most()) {
            throw bad(term);
        }
        return value;
    }

    private CrontabFault bad(String term) {
        return new CrontabFault("\"" + term + "\" is no " + field.words() + " (" + field.rule() + ")");
    }
}
