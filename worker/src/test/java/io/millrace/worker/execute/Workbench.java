package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.LogStream;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Executes deliveries in a directory of the test's, and keeps the lines. */
final class Workbench {
    static final ObjectMapper JSON = new ObjectMapper();

    record Line(LogStream stream, String text) {}

    final List<Line> lines = new CopyOnWriteArrayList<>();
    final List<Progress> progress = new CopyOnWriteArrayList<>();
    /** In a home of its own: classes are executed side by side, and a life ends what others left in its home. */
    final ProcessMark life = new ProcessMark("bench", "home-" + UUID.randomUUID(), "life-" + System.nanoTime());

    final StopSignal stop = new StopSignal();
    private final Path directory;
    private final Map<String, Handler> handlers;
    private Duration killGrace = Duration.ofSeconds(2);
    private long outputLimit = 10_000_000;
    private Map<String, String> env = Map.of();
    private Map<String, String> secrets = Map.of();
    private List<SecretProvider> providers = List.of();
    private List<String> fileOutputs = List.of();
    private Artifacts artifacts = Artifacts.open(ArtifactSettings.NONE);
    private SqlSources sources = SqlSources.NONE;
    private Optional<HttpProxy> proxy = Optional.empty();
    private boolean warmPython = true;
    private String inputs = "{}";
    private List<TaskFile> files = List.of();
    private Optional<Duration> timeout = Optional.empty();

    private @Nullable TaskExecution kept;
    private Optional<Long> memory = Optional.empty();
    private Optional<Long> disk = Optional.empty();
    private Optional<String> checkpoint = Optional.empty();

    Workbench(Path directory) {
        this(directory, Map.of());
    }

    Workbench(Path directory, Map<String, Handler> handlers) {
        this.directory = directory;
        this.handlers = handlers;
    }

    Workbench killGrace(Duration value) {
        killGrace = value;
        return this;
    }

    Workbench outputLimit(long bytes) {
        outputLimit = bytes;
        return this;
    }

    Workbench env(Map<String, String> value) {
        env = value;
        return this;
    }

    /** Secrets by name, held by variables that are called alike. */
    Workbench secrets(Map<String, String> values) {
        secrets = values.keySet().stream().collect(Collectors.toMap(name -> name, name -> name));
        providers = List.of(new TestingSecrets(values));
        return this;
    }

    /** Secrets by name, of which no variable holds one. */
    Workbench knowing(Map<String, String> values) {
        providers = List.of(new TestingSecrets(values));
        return this;
    }

    Workbench artifacts(Artifacts value) {
        artifacts = value;
        return this;
    }

    Workbench sources(SqlSources value) {
        sources = value;
        return this;
    }

    Workbench proxy(HttpProxy value) {
        proxy = Optional.of(value);
        return this;
    }

    /** The members of the output that are files. */
    Workbench fileOutputs(String... members) {
        fileOutputs = List.of(members);
        return this;
    }

    Workbench inputs(String json) {
        inputs = json;
        return this;
    }

    Workbench files(TaskFile... value) {
        files = List.of(value);
        return this;
    }

    Workbench timeout(Duration value) {
        timeout = Optional.of(value);
        return this;
    }

    Workbench memory(long bytes) {
        memory = Optional.of(bytes);
        return this;
    }

    Workbench disk(long bytes) {
        disk = Optional.of(bytes);
        return this;
    }

    Workbench warmPython(boolean value) {
        warmPython = value;
        return this;
    }

    Workbench checkpoint(String json) {
        checkpoint = Optional.of(json);
        return this;
    }

    Execution shell(String command) {
        return execute("shell", json(Map.of("command", command)));
    }

    Execution python(String code) {
        return execute("python", json(Map.of("code", code)));
    }

    Execution java(String handler) {
        return execute("java", json(Map.of("handler", handler)));
    }

    Execution execute(String kind, String action) {
        Delivery delivery = new Delivery(
                new DeliveryId("run1", "task1", 2, 3),
                "demo",
                7,
                "default",
                kind,
                action,
                inputs,
                env,
                secrets,
                fileOutputs,
                files.stream().map(TaskFile::path).toList(),
                timeout,
                memory,
                checkpoint,
                "key-1");
        if (kept != null) {
            return execute(kept, delivery);
        }
        try (TaskExecution tasks = tasks()) {
            return execute(tasks, delivery);
        }
    }

    /** What executes everything from now on, until its owner closes it; what is set of the worker later is not heeded. */
    TaskExecution keep() {
        TaskExecution tasks = tasks();
        kept = tasks;
        return tasks;
    }

    private TaskExecution tasks() {
        ExecutionSettings settings = new ExecutionSettings(
                life,
                directory,
                killGrace,
                outputLimit,
                Optional.empty(),
                disk,
                warmPython,
                providers,
                artifacts,
                sources,
                proxy);
        return new TaskExecution(settings, handlers, Clock.systemUTC());
    }

    private Execution execute(TaskExecution tasks, Delivery delivery) {
        CompletableFuture<Execution> ended = new CompletableFuture<>();
        // Not in this thread: a handler that does not heed its interruption would keep it.
        Thread thread = new Thread(() -> tasks.execute(
                delivery,
                d -> files,
                (at, stream, text) -> lines.add(new Line(stream, text)),
                progress::add,
                stop,
                ended::complete));
        thread.start();
        return ended.join();
    }

    List<String> texts(LogStream stream) {
        return lines.stream()
                .filter(line -> line.stream() == stream)
                .map(Line::text)
                .toList();
    }

    /** The processes of this bench that still run. */
    List<ProcessHandle> processes() {
        return MarkedProcesses.find(marks -> marks.areOf(life));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static String output(Execution execution) {
        assertThat(execution.outcome()).isInstanceOf(Outcome.Succeeded.class);
        return ((Outcome.Succeeded) execution.outcome()).output();
    }

    static Failure failure(Execution execution) {
        assertThat(execution.outcome()).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) execution.outcome()).failure();
    }
}
