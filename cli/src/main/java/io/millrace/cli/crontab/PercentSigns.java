package io.millrace.cli.crontab;

import java.util.Optional;

/**
 * What {@code %} does to a command: the first one ends it, and what follows is its standard input, with a line end for each further one. A
 * backslash takes this meaning from it. In the input a second backslash does not take the meaning from the first; that is how cron reads it.
 *
 * @param command the command alone
 * @param input the standard input, which ends with a line end; empty when there is none
 */
record PercentSigns(String command, Optional<String> input) {
    static PercentSigns of(String text) {
        StringBuilder command = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && !escaped) {
                return new PercentSigns(command.toString(), input(text.substring(i + 1)));
            }
            if (c == '%') {
                command.setLength(command.length() - 1);
            }
            command.append(c);
            escaped = c == '\\' && !escaped;
        }
        return new PercentSigns(command.toString(), Optional.empty());
    }

    private static Optional<String> input(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder input = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && escaped) {
                input.setLength(input.length() - 1);
                input.append('%');
            } else {
                input.append(c == '%' ? '\n' : c);
            }
            escaped = c == '\\';
        }
        if (input.charAt(input.length() - 1) != '\n') {
            input.append('\n');
        }
        return Optional.of(input.toString());
    }
}
