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
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "apply",
        description = "Make pipeline files current on a platform, with the files that their tasks name.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace apply docs/examples/iris/iris.yaml",
            "  millrace apply --profile staging pipelines",
            "  millrace apply --dry-run pipelines",
            "",
            "All files are checked before the first is applied. A pipeline that has not changed makes no new version.",
            "A pipeline whose runs another one starts is applied before it.",
            "Runs keep the version they started with. When the platform refuses one, the others are applied all the same."
        })
final class ApplyCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private PipelineFiles files = new PipelineFiles();

    @Option(names = "--dry-run", description = "Change nothing; show what would be different from what is current.")
    private boolean dryRun;

    ApplyCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        List<PipelineFile> read = files.read();
        List<String> doubles = PipelineFiles.doubles(read);
        doubles.forEach(terminal::note);
        if (Problems.print(read, terminal) || !doubles.isEmpty()) {
            if (read.size() > 1 && !dryRun) {
                terminal.note("nothing was applied: all of the " + read.size() + " files have to be good");
            }
            return ExitCode.INVALID.number();
        }
        Problems.hint(read, terminal);
        return dryRun ? compare(read) : apply(read);
    }

    private int apply(List<PipelineFile> read) {
        Terminal terminal = millrace.terminal();
        ApiClient api = millrace.api();
        ObjectNode all = Json.object();
        ArrayNode applied = all.putArray("applied");
        ArrayNode refused = all.putArray("refused");
        for (PipelineFile file : PipelineFiles.startedFirst(read)) {
            try {
                JsonNode answer = api.apply(file.id(), file.bundle());
                applied.add(answer);
                if (!millrace.json()) {
                    terminal.line(text(answer, terminal));
                }
            } catch (ApiException e) {
                if (read.size() == 1) {
                    Problems.print(e, file, terminal);
                    throw e;
                }
                refused.addObject()
                        .put("id", file.id())
                        .put("file", file.path().toString())
                        .set("problem", e.problem());
                Problems.print(e, file, terminal);
                terminal.note(terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED)) + " " + file.path() + ": "
                        + e.getMessage());
            }
        }
        if (millrace.json()) {
            terminal.line(Json.pretty(all));
        }
        return (refused.isEmpty() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private int compare(List<PipelineFile> read) {
        Terminal terminal = millrace.terminal();
        ApiClient api = millrace.api();
        ObjectNode all = Json.object();
        ArrayNode compared = all.putArray("compared");
        for (PipelineFile file : read) {
            Revision revision = Revision.of(file, api);
            compared.add(revision.json());
            if (!millrace.json()) {
                revision.lines(terminal).forEach(terminal::line);
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
