package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.AlertView;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.terminal.Style;
import io.millrace.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Alerts in the demo: the iris example tells its desk of an odd answer, of a failure and of silence. */
final class DemoAlerts {
    private static final DemoStory DESK = new DemoStory(List.of("desk.yaml"), "where alerts go", run -> true);
    private static final String PIPELINE = "iris";
    private static final List<String> RULES = List.of("high", "failed", "silent");
    private static final String A_DAY = "within: 25h";
    private static final String SOON = "within: 3s";
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ApiClient api;
    private final Stop stop;

    DemoAlerts(ApiClient api, Stop stop) {
        this.api = api;
        this.stop = stop;
    }

    /** Makes the desk known. */
    void open(Path examples) {
        PipelineFile file = PipelineFile.read(DESK.unpack(examples));
        api.apply(file.id(), file.bundle());
    }

    /** Nobody waits for a day to see that nothing happens. */
    static void hasten(Path pipeline) {
        try {
            Files.writeString(pipeline, Files.readString(pipeline).replace(A_DAY, SOON));
        } catch (IOException e) {
            throw new UncheckedIOException("the example " + pipeline + " cannot be written", e);
        }
    }

    /** Has a run fail, and waits until the desk has been told of everything. @return the alerts of which it was, by their rules */
    Map<String, AlertView> awaitAll() {
        api.start(PIPELINE, Json.object().put("minimum_accuracy", 0.999), "demo-strict");
        Map<String, AlertView> told = new LinkedHashMap<>();
        Instant deadline = Instant.now().plus(PATIENCE);
        while (told.size() < RULES.size() && Instant.now().isBefore(deadline)) {
            if (stop.await(INTERVAL)) {
                throw new InterruptedByUserException();
            }
            for (JsonNode each :
                    api.alerts(Optional.of(PIPELINE), Optional.empty()).path("alerts")) {
                AlertView alert = Json.as(AlertView.class, each);
                boolean delivered = alert.deliveries().stream()
                        .anyMatch(delivery -> delivery.kind().equals("raised")
                                && delivery.state().equals("delivered"));
                if (delivered) {
                    told.putIfAbsent(alert.rule(), alert);
                }
            }
        }
        return told;
    }

    /** Whether everything that was to be told is among these. */
    static boolean complete(Map<String, AlertView> told) {
        return told.keySet().containsAll(RULES);
    }

    /** An alert in a line. */
    static String line(AlertView alert, Terminal terminal) {
        Style style = AlertText.severity(alert);
        return "  " + terminal.styled(style, "%-8s".formatted(alert.severity())) + " "
                + terminal.styled(Style.BOLD, "%-12s".formatted(alert.key())) + " " + Printable.text(alert.text());
    }
}
