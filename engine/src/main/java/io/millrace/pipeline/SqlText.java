package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement of SQL whose parameters have names, as a database is given it: {@code :name} becomes {@code ?}, but for what stands in strings, quoted
 * names and comments, and for PostgreSQL's casts, {@code ::}.
 *
 * @param sql the statement with its {@code ?}
 * @param names the names of the parameters in their order; empty when the statement itself says {@code ?}
 * @param marks how many {@code ?} it says itself
 */
record SqlText(String sql, List<String> names, int marks) {
    private static final Pattern TOKEN = Pattern.compile(
            "(?<skip>'(?:[^']|'')*(?:'|$)|\"(?:[^\"]|\"\")*(?:\"|$)|`[^`]*(?:`|$)|--[^\\n]*|/\\*.*?(?:\\*/|$)"
                    + "|(?<tag>\\$(?:[A-Za-z_][A-Za-z0-9_]*)?\\$).*?(?:\\k<tag>|$)|::|:=)"
                    + "|:(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<mark>\\?)",
            Pattern.DOTALL);

    static SqlText of(String text) {
        StringBuilder sql = new StringBuilder();
        List<String> names = new ArrayList<>();
        int marks = 0;
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            Optional<String> name = Optional.ofNullable(token.group("name"));
            name.ifPresent(names::add);
            marks += token.group("mark") == null ? 0 : 1;
            token.appendReplacement(sql, Matcher.quoteReplacement(name.isPresent() ? "?" : token.group()));
        }
        token.appendTail(sql);
        return new SqlText(sql.toString(), List.copyOf(names), marks);
    }
}
