package io.millrace.cli.crontab;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells lines that set a variable from others, as cron does: both sides may stand in quotes, and nothing in them is expanded. */
final class SettingReader {
    private static final Pattern SETTING = Pattern.compile(
            "\\s*(?:\"(?<double>[^\"=]*)\"|'(?<single>[^'=]*)'|(?<plain>[^\\s=\"'][^\\s=]*))"
                    + "\\s*=\\s*+(?:\"(?<doubleValue>[^\"]*)\"\\s*|'(?<singleValue>[^']*)'\\s*|(?<plainValue>(?![\"']).*))",
            Pattern.DOTALL);

    private SettingReader() {}

    /** Empty when the line is something else. */
    static Optional<CrontabLine> read(int number, String line) {
        Matcher setting = SETTING.matcher(line);
        if (!setting.matches()) {
            return Optional.empty();
        }
        String plain = setting.group("plainValue");
        return Optional.of(new CrontabLine.Setting(
                number,
                first(setting, "double", "single", "plain"),
                plain == null ? first(setting, "doubleValue", "singleValue") : withoutBlanksAtTheEnd(plain)));
    }

    private static String withoutBlanksAtTheEnd(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) <= ' ' && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static String first(Matcher matcher, String... groups) {
        return Stream.of(groups)
                .flatMap(group -> Optional.ofNullable(matcher.group(group)).stream())
                .findFirst()
                .orElse("");
    }
}
