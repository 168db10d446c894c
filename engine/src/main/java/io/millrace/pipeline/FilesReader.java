package io.millrace.pipeline;

import io.millrace.expression.Expressions;
import io.millrace.expression.Local;
import io.millrace.expression.Viewpoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads triggers of {@code files}: a directory in which files arrive. */
final class FilesReader implements TriggerSourceReader {
    private static final List<String> KEYS =
            List.of("directory", "pattern", "queue", "every", "settled", "from", "key");
    private static final String DIRECTORY_RULE = "an absolute path such as /data/in, without `.` and `..`, at most "
            + PipelineLimits.DIRECTORY_LENGTH + " characters";
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Nodes nodes;
    private final Problems problems;
    private final TaskReader tasks;

    FilesReader(Nodes nodes, Problems problems, TaskReader tasks) {
        this.nodes = nodes;
        this.problems = problems;
        this.tasks = tasks;
    }

    @Override
    public Optional<TriggerSource> read(Block trigger, Expressions expressions) {
        int before = problems.count();
        Optional<FilesSource> source = Block.of("`files`", trigger.node("files").orElseThrow(), KEYS, nodes, problems)
                .flatMap(files -> source(files, expressions));
        return source.filter(read -> problems.count() == before).map(TriggerSource.class::cast);
    }

    private Optional<FilesSource> source(Block files, Expressions expressions) {
        files.required("directory", DIRECTORY_RULE);
        Optional<String> directory = files.text("directory").flatMap(this::directory);
        Optional<String> pattern = files.text("pattern").flatMap(this::pattern);
        Optional<String> queue = tasks.queue(files);
        Optional<Duration> every = files.duration("every", SHORTEST, LONGEST);
        Optional<Duration> settled = files.duration("settled", Duration.ZERO, LONGEST);
        Optional<FilesSource.Beginning> from = files.word("from", FilesSource.Beginning.values());
        Viewpoint viewpoint = new Viewpoint(Viewpoint.TRIGGER, task -> false).with(Local.EVENT);
        Optional<EventKey> key = files.text("key")
                .flatMap(node -> EventKey.read(nodes.source().excerpt(node), expressions, viewpoint, problems));
        return directory.map(path -> new FilesSource(
                path,
                pattern.orElse(FilesSource.ANY),
                queue.orElse(TaskAssembly.DEFAULT_QUEUE),
                every.orElse(FilesSource.PACE),
                settled.orElse(FilesSource.PACE),
                from.orElse(FilesSource.Beginning.EXISTING),
                key));
    }

    private Optional<String> directory(ScalarNode node) {
        String path = node.getValue();
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean valid = trimmed.startsWith("/")
                && trimmed.length() <= PipelineLimits.DIRECTORY_LENGTH
                && !trimmed.contains("${{")
                && trimmed.chars().noneMatch(Character::isISOControl)
                && (trimmed.equals("/")
                        || Arrays.stream(trimmed.substring(1).split("/", -1))
                                .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals("..")));
        if (!valid) {
            problems.add(nodes.source().place(node), "`directory` is " + nodes.describe(node), DIRECTORY_RULE);
        }
        return Optional.of(trimmed).filter(read -> valid);
    }

    private Optional<String> pattern(ScalarNode node) {
        String pattern = node.getValue();
        Optional<String> fault = FilePattern.fault(pattern);
        fault.ifPresent(why -> problems.add(
                nodes.source().place(node),
                "`pattern` is " + nodes.describe(node) + ": " + why,
                "a pattern such as *.csv, 2026-??-*.{csv,json} or **/*.csv"));
        return Optional.of(pattern).filter(read -> fault.isEmpty());
    }

    @Override
    public Set<Local> inFilter(Block trigger) {
        return Set.of(Local.EVENT);
    }

    @Override
    public Set<Local> inInputs(Block trigger) {
        return Set.of(Local.EVENT);
    }
}
