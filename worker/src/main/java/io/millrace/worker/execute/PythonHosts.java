package io.millrace.worker.execute;

import io.millrace.worker.execute.ProcessRunner.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The warm Pythons of a worker, one for each interpreter that tasks find, started when the first task can use it. What they cannot begin exactly as a
 * fresh interpreter would is begun by a fresh one.
 *
 * <p><b>Threading:</b> any number of threads begin tasks.
 */
final class PythonHosts implements Starter, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PythonHosts.class);
    private static final int MOST_HOSTS = 4;

    /** A host that ends by itself, or is out of date, within this time of its start was not worth it. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(30);

    private static final int MOST_SHORT_LIVES = 3;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** By what launchers choose an interpreter in the directory in which they are called. */
    private static final List<String> CHOICES =
            List.of(".python-version", ".tool-versions", "mise.toml", ".mise.toml", "pyvenv.cfg");

    /** What is known of one interpreter; guarded by this. */
    private static final class Place {
        private Optional<PythonHost> host = Optional.empty();
        private long startedNanos;
        private int shortLives;
        private long pausedNanos;
        private boolean paused;
        private boolean unfit;
    }

    private final Path directory;
    private final Map<String, String> environment;
    private final Starter fresh;
    private final Map<String, Place> places = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<PythonHost> living = ConcurrentHashMap.newKeySet();

    /**
     * Has started none yet.
     *
     * @param environment what the environments of all tasks are made of
     * @param fresh what begins the other tasks
     */
    PythonHosts(ProcessMark life, Path directory, Map<String, String> environment, Starter fresh) {
        this.directory = directory;
        this.environment = new HashMap<>(environment);
        this.environment.keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        this.environment.put(ProcessMark.VARIABLE, life.hosts());
        this.fresh = fresh;
    }

    @Override
    public Begun begin(Command command, Workspace workspace) throws IOException, InterruptedException {
        String interpreter = command.words().get(0);
        if (MarkedProcesses.areVisible() && isPlain(command.words(), workspace)) {
            // A second host when the first turns out to be out of date, or to have died since its last task.
            for (int round = 0; round < 2; round++) {
                Optional<PythonHost> host = host(interpreter);
                Optional<Begun> begun =
                        host.isEmpty() ? Optional.empty() : host.get().begin(command, workspace);
                if (begun.isPresent()) {
                    return begun.get();
                }
                if (host.isEmpty() || !host.get().isSpent()) {
                    break;
                }
            }
        }
        return fresh.begin(command, workspace);
    }

    /** Ends all; to be called when no task runs. */
    @Override
    public void close() throws InterruptedException {
        for (PythonHost host : living) {
            host.retire();
        }
        for (PythonHost host : living) {
            host.close();
        }
    }

    /** Whether it is code or a file of source, and nothing beside it has a say in how an interpreter starts. */
    private static boolean isPlain(List<String> words, Workspace workspace) {
        String what = words.get(2);
        return (what.equals("-c") || (what.endsWith(".py") && Files.isRegularFile(Path.of(what))))
                && CHOICES.stream()
                        .noneMatch(name -> Files.exists(workspace.work().resolve(name)));
    }

    private synchronized Optional<PythonHost> host(String interpreter) throws IOException {
        Place place = places.computeIfAbsent(interpreter, added -> new Place());
        if (place.host.isPresent() && place.host.get().isSpent()) {
            bury(place, place.host.get(), interpreter);
        }
        if (place.host.isEmpty() && mayStart(place) && makeRoom()) {
            PythonHost host = PythonHost.start(interpreter, directory, environment);
            living.add(host);
            host.whenEnded().thenRun(() -> living.remove(host));
            place.host = Optional.of(host);
            place.startedNanos = System.nanoTime();
        }
        return place.host;
    }

    private static void bury(Place place, PythonHost host, String interpreter) {
        host.retire();
        place.host = Optional.empty();
        if (host.unfit().isPresent()) {
            place.unfit = true;
            LOG.info(
                    "Python tasks of {} start cold: {}",
                    interpreter,
                    host.unfit().get());
            return;
        }
        boolean isShort = System.nanoTime() - place.startedNanos < SHORT_LIFE.toNanos();
        place.shortLives = isShort ? place.shortLives + 1 : 0;
        if (place.shortLives == MOST_SHORT_LIVES) {
            place.shortLives = 0;
            place.paused = true;
            place.pausedNanos = System.nanoTime();
            LOG.info(
                    "Python tasks of {} start cold for {} s: the last {} warm ones ended or were out of date at once",
                    interpreter,
                    PAUSE.toSeconds(),
                    MOST_SHORT_LIVES);
        }
    }

    private static boolean mayStart(Place place) {
        place.paused = place.paused && System.nanoTime() - place.pausedNanos < PAUSE.toNanos();
        return !place.unfit && !place.paused;
    }

    /** Whether one more may be started; lets the one go for it that has been idle longest. */
    private boolean makeRoom() {
        if (places.values().stream().filter(place -> place.host.isPresent()).count() < MOST_HOSTS) {
            return true;
        }
        for (Place place : places.values()) {
            if (place.host.isPresent() && place.host.get().isIdle()) {
                place.host.get().retire();
                place.host = Optional.empty();
                return true;
            }
        }
        return false;
    }
}
