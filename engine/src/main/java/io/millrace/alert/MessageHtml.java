package io.millrace.alert;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message for the eye, as mail programs show it: one column, styles in the elements, no pictures. Whatever others have written is escaped. */
final class MessageHtml {
    private final Message message;
    private final String title;
    private final String times;

    /**
     * What is to be shown.
     *
     * @param title in one line
     * @param times how often it happened, and since when
     */
    MessageHtml(Message message, String title, String times) {
        this.message = message;
        this.title = title;
        this.times = times;
    }

    /** The HTML. */
    String text() {
        Alert alert = message.alert();
        Occurrence last = Objects.requireNonNull(alert.last());
        Map<String, ?> facts = last.facts().asMap();
        StringBuilder html = new StringBuilder(1024);
        html.append("<div style=\"font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;")
                .append("line-height:1.5;color:#1f2328;max-width:640px\">")
                .append("<div style=\"border-left:6px solid ")
                .append(colour())
                .append(";padding:4px 0 4px 14px;margin:0 0 16px\"><div style=\"font-size:18px;font-weight:600\">")
                .append(escaped(title))
                .append("</div><div>")
                .append(escaped(last.text()))
                .append("</div></div>");
        if (message.kind() == MessageKind.RESOLVED && alert.reason() != null) {
            html.append("<p style=\"margin:0 0 16px\">It is well again: ")
                    .append(escaped(alert.reason()))
                    .append("</p>");
        }
        html.append("<table style=\"border-collapse:collapse;margin:0 0 16px\">");
        row(html, "Task", facts.get("task"));
        row(html, "Attempt", facts.get("attempt"));
        row(html, "Worker", facts.get("worker"));
        if (facts.get("before") instanceof List<?> before && !before.isEmpty()) {
            row(
                    html,
                    "Before it",
                    String.join(", ", before.stream().map(String::valueOf).toList()));
        }
        row(html, "Run", last.run() == null ? null : last.run().value());
        row(html, "When", times);
        html.append("</table>");
        if (message.kind() != MessageKind.RESOLVED && facts.get("stderr") instanceof List<?> tail && !tail.isEmpty()) {
            html.append("<pre style=\"background:#f6f8fa;border:1px solid #d0d7de;border-radius:6px;padding:10px 12px;")
                    .append("margin:0 0 16px;font-size:13px;white-space:pre-wrap\">");
            tail.forEach(line -> html.append(escaped(String.valueOf(line))).append('\n'));
            html.append("</pre>");
        }
        if (message.kind() != MessageKind.RESOLVED && last.run() != null) {
            html.append("<p style=\"margin:0 0 8px;color:#57606a;font-size:13px\">To try again: <code>millrace rerun ")
                    .append(last.run())
                    .append("</code></p>");
        }
        return html.append("</div>").toString();
    }

    private static void row(StringBuilder html, String name, @Nullable Object value) {
        if (value != null) {
            html.append("<tr><td style=\"padding:2px 16px 2px 0;color:#57606a;vertical-align:top\">")
                    .append(name)
                    .append("</td><td style=\"padding:2px 0\">")
                    .append(escaped(String.valueOf(value)))
                    .append("</td></tr>");
        }
    }

    private String colour() {
        if (message.kind() == MessageKind.RESOLVED) {
            return "#1a7f37";
        }
        return switch (message.alert().terms().severity()) {
            case CRITICAL -> "#a40e26";
            case ERROR -> "#cf222e";
            case WARNING -> "#bf8700";
            case INFO -> "#0969da";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
