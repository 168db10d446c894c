package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.verify.Guarantee;
import io.millrace.audit.verify.Position;
import io.millrace.audit.verify.Verdict;
import io.millrace.audit.verify.Violation;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.cli.terminal.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a verification of the topics found, for people and for scripts. */
final class AuditReport {
    private AuditReport() {}

    static List<String> lines(AuditResult result, Terminal terminal) {
        Verdict verdict = result.verdict();
        Table table = new Table("", "GUARANTEE", "CHECKED", "VIOLATIONS");
        for (Guarantee guarantee : Guarantee.values()) {
            Verdict.Row row = Objects.requireNonNull(verdict.rows().get(guarantee), "a verdict has all of them");
            Style style = row.violations() == 0 ? Style.GREEN : Style.RED;
            table.row()
                    .cell(guarantee.name(), style)
                    .cell(guarantee.sentence())
                    .cell(counts(row.checked()))
                    .cell(number(row.violations()), style);
        }
        List<String> lines = new ArrayList<>(table.lines(terminal, ""));
        lines.add("");
        for (Violation violation : verdict.violations()) {
            lines.add(terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED) + " " + violation.guarantee()) + " "
                    + (violation.run().isEmpty() ? "" : violation.run() + ": ") + violation.sentence());
            lines.add(terminal.styled(Style.DIM, "    " + records(violation)));
        }
        long unlisted = verdict.violationCount() - verdict.violations().size();
        if (unlisted > 0) {
            lines.add("and " + number(unlisted) + " more");
        }
        if (!verdict.underWay().isEmpty()) {
            lines.add("under way: " + counts(verdict.underWay()));
        }
        if (!verdict.passedOver().isEmpty()) {
            lines.add("not judged: " + counts(verdict.passedOver()));
        }
        if (!verdict.noticed().isEmpty()) {
            lines.add("lost workers were noticed " + noticed(verdict.noticed()) + " after they were last heard");
        }
        result.since()
                .ifPresent(since -> lines.add("judged are the runs that began at " + since
                        + " or later; of what came before, not everything is kept or asked for"));
        if (!lines.get(lines.size() - 1).isEmpty()) {
            lines.add("");
        }
        long records =
                result.records().values().stream().mapToLong(Long::longValue).sum();
        String read = number(records) + " records read in " + Times.text(result.took());
        lines.add(
                verdict.holds()
                        ? terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE)) + " every guarantee holds; " + read
                        : terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED)) + " "
                                + number(verdict.violationCount()) + " violations; " + read);
        return lines;
    }

    static ObjectNode json(AuditResult result) {
        Verdict verdict = result.verdict();
        ObjectNode json = Json.object();
        json.put("holds", verdict.holds());
        json.put("violation_count", verdict.violationCount());
        ArrayNode rows = json.putArray("guarantees");
        verdict.rows().forEach((guarantee, row) -> {
            ObjectNode entry = rows.addObject()
                    .put("guarantee", guarantee.name())
                    .put("sentence", guarantee.sentence())
                    .put("violations", row.violations());
            put(entry.putObject("checked"), row.checked());
        });
        ArrayNode violations = json.putArray("violations");
        for (Violation violation : verdict.violations()) {
            ObjectNode entry = violations
                    .addObject()
                    .put("guarantee", violation.guarantee().name())
                    .put("run", violation.run())
                    .put("sentence", violation.sentence());
            ArrayNode records = entry.putArray("records");
            for (Position record : violation.records()) {
                records.addObject()
                        .put("topic", record.topic())
                        .put("partition", record.partition())
                        .put("offset", record.offset());
            }
        }
        put(json.putObject("under_way"), verdict.underWay());
        put(json.putObject("not_judged"), verdict.passedOver());
        ArrayNode noticed = json.putArray("noticed_after_millis");
        verdict.noticed().forEach(silence -> noticed.add(silence.toMillis()));
        json.put("since", result.since().map(Object::toString).orElse(null));
        put(json.putObject("records"), result.records());
        json.put("took_millis", result.took().toMillis());
        return json;
    }

    private static void put(ObjectNode into, Map<String, Long> counts) {
        counts.forEach(into::put);
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> number(count.getValue()) + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String records(Violation violation) {
        return violation.records().stream().map(Position::toString).collect(Collectors.joining(", "));
    }

    private static String noticed(List<Duration> sorted) {
        return Times.text(sorted.get(0)) + " to " + Times.text(sorted.get(sorted.size() - 1)) + " (" + sorted.size()
                + ")";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
