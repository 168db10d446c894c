package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "validate",
        description = "Check pipeline files without running anything.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace validate docs/examples/iris/iris.yaml", "  millrace validate -o json pipelines"})
final class ValidateCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private PipelineFiles files = new PipelineFiles();

    ValidateCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        List<PipelineFile> read = files.read();
        if (millrace.json()) {
            millrace.terminal().line(Json.pretty(json(read)));
        } else {
            read.forEach(this::print);
        }
        Problems.hint(read, millrace.terminal());
        boolean valid = read.stream().allMatch(file -> file.problems().isEmpty());
        return (valid ? ExitCode.DONE : ExitCode.INVALID).number();
    }

    private void print(PipelineFile file) {
        Terminal terminal = millrace.terminal();
        file.pipeline().ifPresent(pipeline -> {
            int count = pipeline.tasks().size();
            terminal.line(terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE)) + " " + file.path() + ": pipeline "
                    + pipeline.id().value() + ", " + count + (count == 1 ? " task" : " tasks"));
        });
        file.problems()
                .forEach(problem -> ProblemText.lines(problem, file.sourceOf(problem), terminal)
                        .forEach(terminal::line));
        int count = file.problems().size();
        if (count > 0) {
            terminal.line(terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED)) + " " + file.path() + ": " + count
                    + (count == 1 ? " problem" : " problems"));
        }
    }

    private static ObjectNode json(List<PipelineFile> files) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("files");
        for (PipelineFile file : files) {
            ObjectNode each = list.addObject()
                    .put("file", file.path().toString())
                    .put("valid", file.problems().isEmpty())
                    .put(
                            "id",
                            file.pipeline()
                                    .map(pipeline -> pipeline.id().value())
                                    .orElse(null));
            ArrayNode problems = each.putArray("problems");
            file.problems().forEach(problem -> problems.add(ProblemText.json(problem)));
        }
        return json;
    }
}
