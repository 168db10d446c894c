package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.EventFilter;
import io.millrace.cli.client.EventTail;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.StartPosition;
import io.millrace.cli.client.TopicsAccess;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.local.TemporaryDirectory;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Symbol;
import io.millrace.cli.terminal.Terminal;
import io.millrace.schemas.QueueName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        description = "See it work: the examples on a platform in this process; nothing is kept.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace demo",
            "",
            "Exit code 0: everything went as it is meant to, including the run that fails for good."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final MillraceCommand millrace;

    DemoCommand(MillraceCommand millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        Terminal terminal = millrace.terminal();
        Stop stop = millrace.stop();
        heading("Starting a platform of its own on free ports");
        try (TemporaryDirectory data = TemporaryDirectory.create();
                LocalPlatform platform = millrace.start(
                        LocalPlatformConfig.onFreePorts(data.path(), Set.of(QueueName.DEFAULT))
                                .actingOnTriggers(),
                        stop)) {
            ApiClient api = new ApiClient(platform.apiUrl());
            DemoAlerts alerting = new DemoAlerts(api, stop);
            alerting.open(data.path().resolve("examples"));
            Map<String, DemoStory> stories = start(api, data.path().resolve("examples"));
            Map<String, RunView> runs = watch(api, stories, stop);
            boolean asMeant = tell(stories, runs);
            asMeant &= repeat(api, runs);
            Map<String, AlertView> told = alerts(alerting);
            asMeant &= DemoAlerts.complete(told);
            if (millrace.json()) {
                ObjectNode answer = Json.object().put("as_meant", asMeant);
                ArrayNode all = answer.putArray("runs");
                runs.keySet().forEach(runId -> all.add(api.run(runId)));
                ArrayNode alerts = answer.putArray("alerts");
                told.values().forEach(alert -> alerts.add(api.alert(alert.id())));
                terminal.line(Json.pretty(answer));
            } else {
                audit(platform, runs);
                next();
                verdict(asMeant);
            }
            return (asMeant ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    /** Applies and triggers every example; answers the stories by run id. */
    private Map<String, DemoStory> start(ApiClient api, Path examples) {
        heading("Applying the examples, and triggering each");
        Map<String, DemoStory> stories = new LinkedHashMap<>();
        for (DemoStory story : DemoStory.ALL) {
            Path unpacked = story.unpack(examples);
            DemoAlerts.hasten(unpacked);
            PipelineFile file = PipelineFile.read(unpacked);
            api.apply(file.id(), file.bundle());
            String runId = api.start(file.id(), Json.object(), key(file.id()))
                    .path("id")
                    .asText();
            stories.put(runId, story);
            say("  %-9s %s".formatted(file.id(), story.shows()));
        }
        return stories;
    }

    private Map<String, RunView> watch(ApiClient api, Map<String, DemoStory> stories, Stop stop) {
        heading("Running them, all at once");
        DemoProgress progress = new DemoProgress(millrace.terminal());
        Map<String, RunView> runs = new LinkedHashMap<>();
        do {
            if (stop.await(runs.isEmpty() ? Duration.ZERO : INTERVAL)) {
                progress.end();
                throw new InterruptedByUserException();
            }
            for (String runId : stories.keySet()) {
                RunView known = runs.get(runId);
                if (known == null || !known.ended()) {
                    runs.put(runId, Json.as(RunView.class, api.run(runId)));
                }
            }
            if (!millrace.json()) {
                progress.show(List.copyOf(runs.values()), Instant.now());
            }
        } while (!runs.values().stream().allMatch(RunView::ended));
        progress.end();
        return runs;
    }

    private boolean tell(Map<String, DemoStory> stories, Map<String, RunView> runs) {
        Terminal terminal = millrace.terminal();
        boolean all = true;
        for (RunView run : runs.values()) {
            DemoStory story = stories.get(run.id());
            boolean asMeant = story != null && story.asMeant().test(run);
            say("");
            new RunReport(terminal).lines(run, terminal.interactive()).forEach(this::say);
            if (!asMeant) {
                say(terminal.styled(Style.RED, "This is not how it is meant to go."));
            }
            all &= asMeant;
        }
        return all;
    }

    /** The same trigger once more, as after a lost answer: it must find the run that exists (G1). */
    private boolean repeat(ApiClient api, Map<String, RunView> runs) {
        heading("Triggering hello once more with the key of its first trigger");
        RunView first = runs.values().iterator().next();
        String again = api.start(first.pipeline(), Json.object(), key(first.pipeline()))
                .path("id")
                .asText();
        boolean same = again.equals(first.id());
        say(same ? "  the same run, " + again : "  another run: " + again);
        return same;
    }

    private Map<String, AlertView> alerts(DemoAlerts alerting) {
        heading("Alerts: a run of iris that fails, an odd answer, and silence (the demo waits for 3 s, not for 25 h)");
        Map<String, AlertView> told = alerting.awaitAll();
        told.values().forEach(alert -> say(DemoAlerts.line(alert, millrace.terminal())));
        say(
                DemoAlerts.complete(told)
                        ? "  each was told to the channel desk once; it is told as well when all is well again"
                        : millrace.terminal()
                                .styled(Style.RED, "  Not all of them came: this is not how it is meant to go."));
        return told;
    }

    private void audit(LocalPlatform platform, Map<String, RunView> runs) {
        Terminal terminal = millrace.terminal();
        RunView flaky = runs.values().stream()
                .filter(run -> run.pipeline().equals("flaky"))
                .findFirst()
                .orElseThrow();
        heading("The audit log of flaky, read from Kafka (topic millrace.run-events at "
                + platform.kafka().bootstrapServers() + ")");
        EventText text = new EventText(terminal, ZoneId.systemDefault());
        try (TopicsAccess topics = new TopicsAccess(platform.kafka())) {
            new EventTail(topics, EventFilter.ofRun(flaky.id()))
                    .read(StartPosition.BEGINNING, false, () -> false, entry -> terminal.line("  " + text.line(entry)));
        }
    }

    private void next() {
        heading("What to try next");
        say("  millrace run docs/examples/iris/iris.yaml -i minimum_accuracy=0.99   a run of your own");
        say("  millrace up                                                          a platform that stays");
        say("  millrace tail --follow                                               its audit log, live");
        say("  millrace --help                                                      all verbs");
    }

    private void verdict(boolean asMeant) {
        Terminal terminal = millrace.terminal();
        say("");
        say(
                asMeant
                        ? terminal.styled(Style.GREEN, terminal.symbol(Symbol.DONE)) + " All went as it is meant to."
                        : terminal.styled(Style.RED, terminal.symbol(Symbol.FAILED))
                                + " Not all went as it is meant to.");
    }

    private static String key(String pipeline) {
        return "demo-" + pipeline;
    }

    private void heading(String text) {
        say("");
        say(millrace.terminal().styled(Style.BOLD, text));
    }

    /** For people; who asked for JSON gets nothing but that. */
    private void say(String line) {
        if (!millrace.json()) {
            millrace.terminal().line(line);
        }
    }
}
