package io.millrace.cli.crontab;

import java.util.Locale;
import java.util.regex.Pattern;

/** Values as YAML. */
final class YamlText {
    /** Texts that are nothing else without quotes, in a list of keys and values as well. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_/+.-]*");

    private static final Pattern WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off");

    private YamlText() {}

    /** Text in one line, in quotes where it needs them. */
    static String scalar(String text) {
        return PLAIN.matcher(text).matches() && !WORD.matcher(text).matches() ? text : quoted(text);
    }

    /** Text that ends with a line end, as the value of a key that stands at a column: as it is, where that can be. */
    static String block(String text, int indent) {
        if (!text.chars().allMatch(c -> c == '\n' || isPrintable(c))) {
            return quoted(text);
        }
        StringBuilder block = new StringBuilder("|");
        text.lines().forEach(line -> block.append('\n').append(line.isEmpty() ? "" : " ".repeat(indent) + line));
        return block.toString();
    }

    /** In one line, for a comment: what is no character to look at is a question mark. */
    static String comment(String text, int longest) {
        StringBuilder comment = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .forEach(c -> comment.appendCodePoint(Character.isBmpCodePoint(c) && !isPrintable(c) ? '?' : c));
        return comment + (text.codePointCount(0, text.length()) > longest ? "…" : "");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default ->
                    quoted.append(isPrintable(c) ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    /** Whether YAML takes it as it is, wherever it stands; surrogates come in pairs. */
    private static boolean isPrintable(int c) {
        return c == '\t'
                || (c >= ' ' && c < 0x7f)
                || (c >= 0xa0 && c < 0xfeff && c != 0x2028 && c != 0x2029)
                || (c > 0xfeff && c < 0xfffe);
    }
}
