package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Terminal;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.graph.BoxDrawing;
import io.millrace.pipeline.graph.DotDrawing;
import io.millrace.pipeline.graph.MermaidDrawing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "graph",
        description = "Draw the tasks of a pipeline file and what they need.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace graph docs/examples/iris/iris.yaml",
            "  millrace graph --format mermaid docs/examples/diamond.yaml",
            "  millrace graph --format dot docs/examples/diamond.yaml | dot -Tsvg > diamond.svg"
        })
final class GraphCommand implements Callable<Integer> {
    /** In which language to draw. */
    enum Language {
        text,
        mermaid,
        dot
    }

    private final MillraceCommand millrace;

    @Parameters(paramLabel = "FILE", description = "A pipeline file (YAML).")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "LANGUAGE",
            defaultValue = "text",
            description =
                    "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}: boxes, or layers where these are too wide.")
    private Language language = Language.text;

    GraphCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        PipelineFile read = PipelineFile.read(file);
        if (Problems.print(List.of(read), terminal)) {
            return ExitCode.INVALID.number();
        }
        Pipeline pipeline = read.pipeline().orElseThrow();
        if (millrace.json()) {
            terminal.line(Json.pretty(json(pipeline)));
        } else {
            drawing(pipeline, terminal).forEach(terminal::line);
        }
        return ExitCode.DONE.number();
    }

    private List<String> drawing(Pipeline pipeline, Terminal terminal) {
        return switch (language) {
            case text -> BoxDrawing.of(pipeline, terminal.columns(), terminal.unicode());
            case mermaid -> MermaidDrawing.of(pipeline);
            case dot -> DotDrawing.of(pipeline);
        };
    }

    private static ObjectNode json(Pipeline pipeline) {
        ObjectNode json = Json.object().put("id", pipeline.id().value());
        ArrayNode tasks = json.putArray("tasks");
        for (Task task : pipeline.tasks()) {
            ObjectNode each = tasks.addObject()
                    .put("id", task.id().value())
                    .put("kind", task.action().kind())
                    .put("stage", task.stage().key())
                    .put("trigger_rule", task.triggerRule().name().toLowerCase(Locale.ROOT))
                    .put("for_each", task.forEach().isPresent())
                    .put("queue", task.queue());
            task.condition().ifPresent(condition -> each.put("if", condition.source()));
            ArrayNode needs = each.putArray("needs");
            task.needs().forEach(need -> needs.add(need.value()));
        }
        return json;
    }
}
