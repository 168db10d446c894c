package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.terminal.RecordedTerminal;
import io.millrace.pipeline.lint.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * docs/cli.md says of every verb, option, rule and exit code what the command itself says. After a change, run this test with
 * {@code -Dmillrace.docs.update=true}, which writes these parts of the page anew.
 */
class CliReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @ParameterizedTest
    @ValueSource(strings = {"exit codes", "lint rules", "verbs"})
    void saysWhatTheCommandSays(String part) throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- generated: " + part + " -->\n";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- end -->", from);
        String expected = switch (part) {
            case "exit codes" -> exitCodes();
            case "lint rules" -> lintRules();
            default -> verbs();
        };
        if (Boolean.getBoolean("millrace.docs.update")) {
            Files.writeString(PAGE, page.substring(0, from) + expected + page.substring(to));
        } else {
            assertThat(page.substring(from, to)).isEqualTo(expected);
        }
    }

    @Test
    void isComplete() throws IOException {
        assertThat(Files.readString(PAGE)).contains("### `millrace topics check`", "| `no-owner` |", "| 141 |");
    }

    private static String exitCodes() {
        List<String> lines = new ArrayList<>(List.of("| code | meaning |", "| --- | --- |"));
        for (ExitCode code : ExitCode.values()) {
            lines.add("| " + code.number() + " | " + code.meaning() + " |");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String lintRules() {
        List<String> lines =
                new ArrayList<>(List.of("| rule | severity | when | what it means |", "| --- | --- | --- | --- |"));
        for (Rule rule : Rule.values()) {
            lines.add("| `" + rule.id() + "` | " + rule.severity().word() + " | "
                    + (rule.production() ? "`--production`" : "always") + " | " + rule.meaning() + " |");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String verbs() {
        CommandLine root = MillraceCommand.commandLine(RecordedTerminal.pipe().terminal());
        List<String> lines = new ArrayList<>();
        lines.addAll(table(root.getCommandSpec(), true));
        root.getSubcommands().values().forEach(verb -> {
            lines.addAll(verb(verb.getCommandSpec()));
            verb.getSubcommands().values().forEach(each -> lines.addAll(verb(each.getCommandSpec())));
        });
        return String.join("\n", lines) + "\n";
    }

    private static List<String> verb(CommandSpec verb) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("### `" + verb.qualifiedName() + "`");
        lines.add("");
        lines.add(String.join(" ", verb.usageMessage().description()));
        List<String> table = table(verb, false);
        if (table.size() > 2) {
            lines.add("");
            lines.addAll(table);
        }
        List<String> examples = Arrays.stream(verb.usageMessage().footer())
                .map(line -> line.replaceFirst("^ {2}", ""))
                .toList();
        if (!examples.isEmpty()) {
            lines.add("");
            lines.add("```text");
            lines.addAll(examples);
            lines.add("```");
        }
        return lines;
    }

    private static List<String> table(CommandSpec verb, boolean inherited) {
        List<String> lines = new ArrayList<>(List.of("| argument | meaning |", "| --- | --- |"));
        for (PositionalParamSpec parameter : verb.positionalParameters()) {
            lines.add(row(parameter.paramLabel(), parameter.description(), parameter.completionCandidates(), ""));
        }
        for (OptionSpec option : verb.options()) {
            if (inherited || !option.inherited()) {
                String names = Arrays.stream(option.names()).collect(Collectors.joining("`, `"));
                String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                lines.add(row(
                        names + label,
                        option.description(),
                        option.completionCandidates(),
                        String.valueOf(option.defaultValue())));
            }
        }
        return lines;
    }

    private static String row(String name, String[] description, Iterable<String> candidates, String standard) {
        String text = String.join(" ", description).replace("$$", "$").replace("${DEFAULT-VALUE}", standard);
        if (text.contains("${COMPLETION-CANDIDATES}")) {
            text = text.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates));
        }
        return "| `" + name + "` | " + text.replace("|", "\\|") + " |";
    }
}
