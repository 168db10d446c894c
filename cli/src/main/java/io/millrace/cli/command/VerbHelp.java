package io.millrace.cli.command;

import io.millrace.cli.terminal.Table;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.lint.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help looks: verbs by what they are for, a verb's own options before those that all take, exit codes in the root. */
final class VerbHelp {
    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put(
                "On this machine, with nothing else running:",
                List.of(
                        "demo",
                        "run",
                        "validate",
                        "lint",
                        "test",
                        "graph",
                        "schedule",
                        "schema",
                        "import",
                        "up",
                        "bench"));
        GROUPS.put(
                "With a platform that runs:",
                List.of("apply", "pipelines", "trigger", "runs", "show", "why", "logs", "tail", "replay"));
        GROUPS.put(
                "What starts runs by itself, and how many at a time:",
                List.of("triggers", "pause", "resume", "backfill", "backfills", "pools"));
        GROUPS.put("A hand for a run:", List.of("approve", "reject", "cancel", "rerun"));
        GROUPS.put(
                "A look at the platform:", List.of("alerts", "workers", "queues", "dead-letters", "topics", "audit"));
        GROUPS.put("A cluster:", List.of("coordinator", "worker", "registry"));
        GROUPS.put("About:", List.of("profiles", "completion", "version", "help"));
    }

    private VerbHelp() {}

    static void shape(CommandLine root, Terminal terminal) {
        shapeOne(root, terminal);
        root.getSubcommands().values().forEach(verb -> {
            shapeOne(verb, terminal);
            verb.getSubcommands().values().forEach(each -> shapeOne(each, terminal));
        });
        root.getCommandSpec().usageMessage().commandListHeading("");
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> verbs(root));
        root.getHelpSectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST,
                        help -> "%nExit codes:%n".formatted() + String.join("\n", exitCodes()) + "\n");
    }

    /** The exit codes and their meaning, a line each. */
    static List<String> exitCodes() {
        List<String> lines = new ArrayList<>();
        for (ExitCode code : ExitCode.values()) {
            lines.add("  %3d  %s".formatted(code.number(), code.meaning()));
        }
        return lines;
    }

    /** The rules of {@code lint}, as a table. */
    static List<String> lintRules(Terminal terminal) {
        Table table = new Table("RULE", "SEVERITY", "WHEN", "MEANING");
        for (Rule rule : Rule.values()) {
            table.row()
                    .cell(rule.id())
                    .cell(rule.severity().word())
                    .cell(rule.production() ? "--production" : "always")
                    .cell(rule.meaning());
        }
        return table.lines(terminal, "");
    }

    private static void shapeOne(CommandLine verb, Terminal terminal) {
        verb.setColorScheme(Help.defaultColorScheme(terminal.colours() ? Help.Ansi.ON : Help.Ansi.OFF));
        verb.setUsageHelpWidth(Math.min(110, Math.max(80, terminal.columns())));
        verb.setUsageHelpLongOptionsMaxWidth(34);
        UsageMessageSpec usage = verb.getCommandSpec().usageMessage();
        usage.sortOptions(false);
        usage.abbreviateSynopsis(true);
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%n");
        verb.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, VerbHelp::options);
        verb.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
    }

    private static String options(Help help) {
        List<OptionSpec> own = new ArrayList<>();
        List<OptionSpec> shared = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            (option.inherited() ? shared : own).add(option);
        }
        return section("Options:", own, help) + section("Options of every verb:", shared, help);
    }

    private static String section(String heading, List<OptionSpec> options, Help help) {
        return options.isEmpty() ? "" : "%n%s%n".formatted(heading) + help.optionListExcludingGroups(options);
    }

    private static String verbs(CommandLine root) {
        StringBuilder text = new StringBuilder();
        GROUPS.forEach((heading, names) -> {
            text.append("%n%s%n".formatted(heading));
            for (String name : names) {
                CommandLine verb = Objects.requireNonNull(root.getSubcommands().get(name), name);
                text.append("  %-12s %s%n".formatted(name, firstSentence(verb)));
            }
        });
        return text.toString();
    }

    private static String firstSentence(CommandLine verb) {
        String description =
                String.join(" ", verb.getCommandSpec().usageMessage().description());
        int end = description.indexOf(". ");
        return end < 0 ? description : description.substring(0, end + 1);
    }
}
