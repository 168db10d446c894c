package io.millrace.cli.crontab;

import io.millrace.schedule.Cron;
import io.millrace.schedule.CronException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * When the command of a line is due.
 *
 * @param expression the same as an expression of ours, as it is written
 * @param cron the same, read
 * @param wildcard whether cron counts it among the jobs that go by the clock on the wall whatever is done to it: minute or hour begin with
 *     {@code *}. What other jobs miss in an hour that is left out is made up for, and what comes twice is left out the second time.
 * @param remarks what is to be said of it
 */
record CronTime(String expression, Cron cron, boolean wildcard, List<String> remarks) {
    private static final Map<String, String> WORDS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    CronTime {
        remarks = List.copyOf(remarks);
    }

    /** A word with an {@code @}; they are written in lower case. */
    static CronTime ofWord(String word) throws CrontabFault {
        if (word.equals("@reboot")) {
            throw new CrontabFault(
                    "@reboot: a pipeline starts by the clock or by what somebody sends, and not with a machine");
        }
        String expression = WORDS.get(word);
        if (expression == null) {
            throw new CrontabFault("cron has no word " + word);
        }
        return new CronTime(word, cron(expression), word.equals("@hourly"), List.of());
    }

    /** @param fields the five of them, as they are written */
    static CronTime ofFields(List<String> fields, String line) throws CrontabFault {
        List<String> read = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (TimeField field : TimeField.values()) {
            FieldReader reader = new FieldReader(field, fields.get(read.size()), line);
            read.add(reader.read());
            reader.remark().ifPresent(remarks::add);
        }
        boolean wildcard = fields.get(0).startsWith("*") || fields.get(1).startsWith("*");
        String expression = String.join(" ", read);
        return new CronTime(expression, cron(expression), wildcard, remarks);
    }

    private static Cron cron(String expression) throws CrontabFault {
        try {
            return Cron.parse(expression);
        } catch (CronException e) {
            throw new CrontabFault(e.getMessage() + "; expected " + e.expected());
        }
    }
}
