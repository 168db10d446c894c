package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description = "Tell what a run or a task waits for, or why it ended as it did.",
        footerHeading = "%nExamples:%n",
        footer = {"  millrace why last", "  millrace why last train", "  millrace why last -o json | jq .reasons[].kind"
        })
final class WhyCommand implements Callable<Integer> {
    private final MillraceCommand millrace;

    @Mixin
    private RunArgument run = new RunArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "Only this task.")
    private Optional<String> task = Optional.empty();

    WhyCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        ApiClient api = millrace.api();
        JsonNode answer = api.why(run.id(api), task);
        Terminal terminal = millrace.terminal();
        if (millrace.json()) {
            terminal.line(Json.pretty(answer));
            return ExitCode.DONE.number();
        }
        terminal.line(answer.path("sentence").asText());
        JsonNode reasons = answer.path("reasons");
        // The sentence tells the first of them.
        for (int i = 1; i < reasons.size(); i++) {
            terminal.line("  " + terminal.symbol(Symbol.DOT) + " "
                    + reasons.path(i).path("sentence").asText());
        }
        return ExitCode.DONE.number();
    }
}
