package io.millrace.schedule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one cron expression. */
final class CronParser {
    private static final int LONGEST = 1_000;
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final String FIELDS = "five fields: minute, hour, day of month, month and day of week";
    private static final Map<String, String> WORDS = words();

    /** A field as it is written, and where. */
    private record Part(String text, int position) {}

    private final String text;

    CronParser(String text) {
        this.text = text;
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("@yearly", "0 0 1 1 *");
        words.put("@annually", "0 0 1 1 *");
        words.put("@monthly", "0 0 1 * *");
        words.put("@weekly", "0 0 * * 0");
        words.put("@daily", "0 0 * * *");
        words.put("@midnight", "0 0 * * *");
        words.put("@hourly", "0 * * * *");
        return words;
    }

    Cron parse() throws CronException {
        if (text.length() > LONGEST) {
            throw new CronException(
                    0, "the cron expression has " + text.length() + " characters", "at most " + LONGEST);
        }
        List<Part> parts = parts(text);
        if (parts.isEmpty()) {
            throw new CronException(0, "the cron expression is empty", FIELDS);
        }
        if (parts.get(0).text().startsWith("@")) {
            return new CronParser(meaning(parts)).parse();
        }
        checkCount(parts);
        Map<CronField, List<CronTerm>> terms = new EnumMap<>(CronField.class);
        Map<CronField, Part> fields = new EnumMap<>(CronField.class);
        for (CronField field : CronField.values()) {
            Part part = parts.get(fields.size());
            fields.put(field, part);
            terms.put(field, terms(field, part));
        }
        Cron cron = new Cron(terms);
        if (!cron.everHappens()) {
            throw new CronException(
                    Objects.requireNonNull(fields.get(CronField.DAY_OF_MONTH)).position(),
                    "this never happens: there is no such day in any month that is named",
                    "a day that comes");
        }
        return cron;
    }

    private static List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            parts.add(new Part(words.group(), words.start()));
        }
        return parts;
    }

    private String meaning(List<Part> parts) throws CronException {
        Part word = parts.get(0);
        String folded = word.text().toLowerCase(Locale.ROOT);
        String expression = WORDS.get(folded);
        if (folded.equals("@every")) {
            throw new CronException(
                    word.position(), "@every is no part of a cron expression", "`every` in place of `cron`");
        }
        if (expression == null) {
            throw new CronException(
                            word.position(),
                            "there is no word " + word.text(),
                            "one of " + String.join(", ", WORDS.keySet()))
                    .nearest(word.text(), List.copyOf(WORDS.keySet()));
        }
        if (parts.size() > 1) {
            throw new CronException(
                    parts.get(1).position(),
                    "something follows " + word.text(),
                    "nothing, for it is a whole expression");
        }
        return expression;
    }

    private void checkCount(List<Part> parts) throws CronException {
        CronField[] fields = CronField.values();
        if (parts.get(0).text().matches("(CRON_)?TZ=.*")) {
            throw new CronException(
                    parts.get(0).position(),
                    "a time zone is no part of a cron expression",
                    "it as `timezone` beside it");
        }
        if (parts.size() < fields.length) {
            throw new CronException(
                    text.stripTrailing().length(), "the " + fields[parts.size()].words() + " is missing", FIELDS);
        }
        if (parts.size() > fields.length) {
            throw new CronException(
                    parts.get(fields.length).position(),
                    "the cron expression has " + parts.size() + " fields",
                    FIELDS + "; neither seconds nor a year");
        }
    }

    private static List<CronTerm> terms(CronField field, Part part) throws CronException {
        List<CronTerm> terms = new ArrayList<>();
        int position = part.position();
        for (String term : part.text().split(",", -1)) {
            terms.add(new CronTermReader(field, term, position).read());
            position += term.length() + 1;
        }
        return List.copyOf(terms);
    }
}
