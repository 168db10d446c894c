package io.millrace.cli.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The commands of a page: those behind {@code $} in its {@code console} blocks, and all of its {@code sh} blocks. A comment
 * {@code <!-- not run: `command`: why; `command`: why -->} right before a block leaves out the commands that begin so.
 */
record DocumentedCommands(List<Command> commands) {
    private static final Pattern BLOCK = Pattern.compile(
            "(?ms)(?:^<!-- not run: (?<skipped>[^>]*) -->\\n+)?^```(?<kind>console|sh)\\n(?<body>.*?)^```");
    private static final Pattern SKIPPED = Pattern.compile("`([^`]+)`: [^;`]+");

    /** A command, with the line of the page that it stands on. */
    record Command(int line, String text) {}

    static DocumentedCommands of(String page) {
        List<Command> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            List<String> skipped = skipped(block.group("skipped"));
            int line = (int) page.substring(0, block.start("body")).lines().count() + 1;
            for (Command command : commands(block.group("kind"), block.group("body"), line)) {
                if (skipped.stream().noneMatch(command.text()::startsWith)) {
                    commands.add(command);
                }
            }
        }
        return new DocumentedCommands(commands);
    }

    private static List<String> skipped(String comment) {
        return comment == null
                ? List.of()
                : SKIPPED.matcher(comment).results().map(each -> each.group(1)).collect(Collectors.toList());
    }

    private static List<Command> commands(String kind, String body, int firstLine) {
        if (kind.equals("sh")) {
            return List.of(new Command(firstLine, body.strip()));
        }
        List<Command> commands = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int begun = firstLine;
        int number = firstLine;
        for (String line : body.lines().toList()) {
            if (open.length() == 0 && line.startsWith("$ ")) {
                begun = number;
                open.append(line.substring(2));
            } else if (open.length() > 0) {
                open.append('\n').append(line);
            }
            if (open.length() > 0 && !line.endsWith("\\")) {
                commands.add(new Command(begun, open.toString()));
                open.setLength(0);
            }
            number++;
        }
        return commands;
    }
}
