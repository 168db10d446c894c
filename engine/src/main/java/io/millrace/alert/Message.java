package io.millrace.alert;

import io.millrace.expression.Document;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is told of an alert: the input {@code alert} of the channel's run.
 *
 * @param alert as it was before it was told
 * @param kind what for
 * @param at when
 */
public record Message(Alert alert, MessageKind kind, Instant at) {
    private static final int MOST_OF_A_SUBJECT = 150;

    /** Its number among those about this alert, from 1: with the alert's id it tells a repeat of the same message from another. */
    public long number() {
        return alert.told().messages() + 1;
    }

    /** All there is to say, as an object; docs/alerts.md lists its members. */
    public Document document() {
        Occurrence last = Objects.requireNonNull(alert.last());
        Map<String, @Nullable Object> members = new TreeMap<>();
        members.put("id", alert.key().id());
        members.put("message", number());
        members.put("key", alert.key().toString());
        members.put("pipeline", alert.key().pipeline().value());
        members.put("rule", alert.key().rule().value());
        members.put("group", alert.key().group());
        members.put("kind", word(kind));
        members.put("status", kind == MessageKind.RESOLVED ? "resolved" : "open");
        members.put("severity", alert.terms().severity().name().toLowerCase(Locale.ROOT));
        members.put("title", title());
        members.put("subject", subject(last));
        members.put("html", new MessageHtml(this, title(), times()).text());
        members.put("summary", last.text());
        members.put("text", text(last));
        members.put("count", alert.count());
        members.put("raised_at", String.valueOf(alert.raisedAt()));
        members.put("last_at", last.at().toString());
        members.put("at", at.toString());
        members.put("reason", alert.reason());
        members.put("by", alert.by());
        members.put("run_id", last.run() == null ? null : last.run().value());
        members.put("task", last.task() == null ? null : last.task().value());
        members.put("facts", last.facts().asMap());
        return Document.of(members);
    }

    private static String word(MessageKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** One line. */
    private String title() {
        String what = alert.key().toString();
        return switch (kind) {
            case RESOLVED -> "Resolved: " + what;
            case REMINDER -> "Still " + severity() + ": " + what;
            case AGAIN -> "Again " + severity() + ": " + what + " (" + alert.sinceTold() + " more)";
            case RAISED -> capital(severity()) + ": " + what;
        };
    }

    /** The same with what happened, in one line that is not too long for a mail. */
    private String subject(Occurrence last) {
        String line = (title() + " - " + last.text()).replaceAll("\\s+", " ");
        return line.length() <= MOST_OF_A_SUBJECT ? line : line.substring(0, MOST_OF_A_SUBJECT) + "…";
    }

    private String severity() {
        return alert.terms().severity().name().toLowerCase(Locale.ROOT);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /** What people read: what, where, why, what went before, how often, and what can be done. */
    private String text(Occurrence last) {
        List<String> lines = new ArrayList<>();
        lines.add(last.text());
        Map<String, ?> facts = last.facts().asMap();
        if (kind == MessageKind.RESOLVED) {
            lines.add("It is well again" + (alert.reason() == null ? "" : ": " + alert.reason())
                    + (alert.by() == null ? "" : " (" + alert.by() + ")") + ".");
        }
        if (last.task() != null || facts.containsKey("task")) {
            Object worker = facts.get("worker");
            lines.add("Task: " + facts.getOrDefault("task", null) + ", attempt " + facts.getOrDefault("attempt", null)
                    + (worker == null ? "" : ", on worker " + worker));
        }
        if (facts.get("before") instanceof List<?> before && !before.isEmpty()) {
            lines.add("Before it: "
                    + String.join(", ", before.stream().map(String::valueOf).toList()));
        }
        if (kind != MessageKind.RESOLVED && facts.get("stderr") instanceof List<?> tail && !tail.isEmpty()) {
            lines.add("Its last lines:");
            tail.forEach(line -> lines.add("    " + line));
        }
        lines.add(times());
        if (last.run() != null) {
            lines.add("Run: " + last.run()
                    + (kind == MessageKind.RESOLVED
                            ? ""
                            : " (millrace why " + last.run() + " tells more; millrace rerun " + last.run()
                                    + " tries again)"));
        }
        return String.join("\n", lines);
    }

    private String times() {
        Instant since = Objects.requireNonNull(alert.raisedAt()).truncatedTo(ChronoUnit.SECONDS);
        long raises = alert.number() - alert.told().number();
        String often = alert.count() == 1
                ? "It happened at " + since + "."
                : "It happened " + String.format(Locale.ROOT, "%,d", alert.count()) + " times since " + since + ".";
        return raises > 1 ? often + " It was raised " + raises + " times since the last message." : often;
    }
}
