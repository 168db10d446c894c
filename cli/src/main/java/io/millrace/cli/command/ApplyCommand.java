package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.ApiException;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "apply",
        description = "Make pipeline files current on a platform, with the files that their tasks name.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace apply docs/examples/iris/iris.yaml",
            "  millrace apply --url http://127.0.0.1:7070 pipelines/*.yaml",
            "",
            "A pipeline that has not changed makes no new version. Runs keep the version they started with."
        })
final class ApplyCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline files (YAML).")
    private List<Path> files = List.of();

    ApplyCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        List<PipelineFile> read = files.stream().map(PipelineFile::read).toList();
        if (Problems.print(read, terminal)) {
            return ExitCode.INVALID.number();
        }
        ApiClient api = millrace.api();
        ObjectNode all = Json.object();
        ArrayNode applied = all.putArray("applied");
        for (PipelineFile file : read) {
            try {
                JsonNode answer = api.apply(file.id(), file.bundle());
                applied.add(answer);
                if (!millrace.json()) {
                    terminal.line(text(answer, terminal));
                }
            } catch (ApiException e) {
                Problems.print(e, file, terminal);
                throw e;
            }
        }
        if (millrace.json()) {
            terminal.line(Json.pretty(all));
        }
        return ExitCode.DONE.number();
    }

    static String text(JsonNode answer, Terminal terminal) {
        boolean created = answer.path("created").asBoolean();
        String mark = terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE));
        return mark + " " + terminal.styled(Style.BOLD, answer.path("id").asText()) + " version "
                + answer.path("version").asInt() + (created ? "" : terminal.styled(Style.DIM, " (unchanged)"));
    }
}
