package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a coordinator measures is what docs/metrics.md says; that of a worker is held to it by a test of its own. */
class MetricsIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void aCoordinatorMeasuresExactlyWhatTheDocumentationSays() throws Exception {
        Path file = Files.writeString(
                directory.resolve("measured.yaml"),
                "id: measured\ntasks: [{id: a, shell: 'true'}, {id: b, wait: 1h}]\n");
        Cli.execute("apply", file.toString()).ended(0);
        double started = number("millrace_run_events_total{type=\"run_started\"}");
        double dispatched = number("millrace_tasks_dispatched_total");
        double timers = number("millrace_timers_open");

        String run = Cli.execute("trigger", "measured").ended(0).out().strip();
        Until.holds("it is counted that the wait began", () -> number("millrace_timers_open") > timers);
        assertThat(number("millrace_run_events_total{type=\"run_started\"}")).isGreaterThan(started);
        assertThat(number("millrace_tasks_dispatched_total")).isGreaterThan(dispatched);
        assertThat(number("millrace_runs_open")).isPositive();
        assertThat(number("millrace_engine_running")).isEqualTo(1);
        Cli.execute("cancel", run).ended(0);
        Until.holds("the wait counts no more", () -> number("millrace_timers_open") <= timers);

        assertThat(types()).isEqualTo(documented());
        assertThat(metrics()).contains("kafka_consumer_", "jvm_memory_used_bytes", "process_uptime_seconds");
    }

    private static Set<String> types() {
        return Pattern.compile("(?m)^# TYPE (millrace_[a-z_]+) ")
                .matcher(metrics())
                .results()
                .map(result -> result.group(1))
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "metrics.md"));
        return Pattern.compile("\\| `(millrace_(?!worker_)[a-z_]+)` \\|")
                .matcher(page)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static double number(String series) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String metrics() {
        try {
            return CLIENT.send(
                            HttpRequest.newBuilder(
                                            URI.create(SharedPlatform.get().apiUrl() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
