package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.lint.Finding;
import io.millrace.pipeline.lint.Lint;
import io.millrace.pipeline.lint.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "lint",
        description = "Find what is allowed in pipeline files and likely to be regretted.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace lint docs/examples/iris/iris.yaml",
            "  millrace lint --production --strict pipelines",
            "",
            "A comment `# millrace: allow no-retry` on a line, or on the one before, allows there what that rule finds.",
            "`millrace help lint-rules` lists the rules. Exit code 2: a file is invalid; 1: there is an error, or with",
            "--strict anything at all; 0 otherwise."
        })
final class LintCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private PipelineFiles files = new PipelineFiles();

    @Option(names = "--production", description = "Ask, too, for what a pipeline needs when nobody looks at it.")
    private boolean production;

    @Option(names = "--strict", description = "Exit code 1 for warnings and hints, too.")
    private boolean strict;

    LintCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    /** A file with what was found in it; only a valid one is judged by the rules. */
    private record Judged(PipelineFile file, List<Finding> findings) {}

    @Override
    public Integer call() {
        List<Judged> all = new ArrayList<>();
        for (PipelineFile file : files.read()) {
            all.add(new Judged(
                    file,
                    file.pipeline()
                            .map(pipeline -> Lint.check(file.path().toString(), file.source(), pipeline, production))
                            .orElse(List.of())));
        }
        Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
        all.forEach(each ->
                each.findings().forEach(found -> counts.merge(found.rule().severity(), 1, Integer::sum)));
        if (millrace.json()) {
            millrace.terminal().line(Json.pretty(json(all, counts)));
        } else {
            all.forEach(this::print);
            summary(all, counts);
        }
        if (all.stream().anyMatch(each -> !each.file().problems().isEmpty())) {
            return ExitCode.INVALID.number();
        }
        boolean failed = counts.containsKey(Severity.ERROR) || (strict && !counts.isEmpty());
        return (failed ? ExitCode.FAILED : ExitCode.DONE).number();
    }

    private void print(Judged judged) {
        Terminal terminal = millrace.terminal();
        judged.file()
                .problems()
                .forEach(problem -> ProblemText.lines(problem, judged.file().sourceOf(problem), terminal)
                        .forEach(terminal::line));
        for (Finding finding : judged.findings()) {
            Style style = style(finding.rule().severity());
            terminal.line(terminal.styled(Style.BOLD, finding.file() + ":" + finding.place() + ":") + " "
                    + terminal.styled(style, finding.rule().severity().word() + ":") + " " + finding.message()
                    + terminal.styled(Style.DIM, " [" + finding.rule().id() + "]"));
            ProblemText.excerpt(
                            finding.place().line(),
                            finding.place().column(),
                            judged.file().source(),
                            style,
                            terminal)
                    .forEach(terminal::line);
            terminal.line("        " + terminal.symbol(Symbol.ARROW) + " " + finding.fix());
        }
    }

    private void summary(List<Judged> all, Map<Severity, Integer> counts) {
        Terminal terminal = millrace.terminal();
        int files = all.size();
        String where = " in " + files + (files == 1 ? " file" : " files");
        int invalid = (int)
                all.stream().filter(each -> !each.file().problems().isEmpty()).count();
        String found = counts.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().word() + (each.getValue() == 1 ? "" : "s"))
                .collect(Collectors.joining(", "));
        if (invalid > 0) {
            found = invalid + " invalid" + (found.isEmpty() ? "" : ", " + found);
        }
        terminal.line(
                found.isEmpty()
                        ? terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE)) + " nothing found" + where
                        : found + where);
    }

    private static Style style(Severity severity) {
        return switch (severity) {
            case ERROR -> Style.RED;
            case WARNING -> Style.YELLOW;
            case HINT -> Style.CYAN;
        };
    }

    private static ObjectNode json(List<Judged> all, Map<Severity, Integer> counts) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("files");
        for (Judged judged : all) {
            ObjectNode each = list.addObject()
                    .put("file", judged.file().path().toString())
                    .put("valid", judged.file().problems().isEmpty());
            ArrayNode problems = each.putArray("problems");
            judged.file().problems().forEach(problem -> problems.add(ProblemText.json(problem)));
            ArrayNode findings = each.putArray("findings");
            judged.findings()
                    .forEach(finding -> findings.addObject()
                            .put("rule", finding.rule().id())
                            .put("severity", finding.rule().severity().word())
                            .put("line", finding.place().line())
                            .put("column", finding.place().column())
                            .put("message", finding.message())
                            .put("fix", finding.fix()));
        }
        for (Severity severity : Severity.values()) {
            json.put(severity.word() + "s", counts.getOrDefault(severity, 0));
        }
        return json;
    }
}
