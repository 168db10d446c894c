package io.millrace.cli.command;

import io.millrace.cli.client.PipelineBundle;
import io.millrace.pipeline.CalendarFiles;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineLimits;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Problem;
import io.millrace.pipeline.StartedRuns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pipeline's file on this machine, read and judged, with the files that it names.
 *
 * @param pipeline present exactly if there is no problem
 */
record PipelineFile(Path path, String source, Optional<Pipeline> pipeline, List<Problem> problems) {
    /** What the platform takes; a larger one it would refuse, after all of it has been sent. */
    private static final int MOST_BYTES_A_FILE = 256 << 10;

    /**
     * Reads and judges it.
     *
     * @throws UsageException when it cannot be read
     */
    static PipelineFile read(Path path) {
        byte[] bytes = new BoundedFile("file", path).bytes(PipelineLimits.FILE_BYTES);
        String source = new String(bytes, StandardCharsets.UTF_8);
        ParsedPipeline parsed = PipelineParser.parse(path.toString(), bytes);
        List<Problem> problems = new ArrayList<>(parsed.problems());
        parsed.pipeline().ifPresent(pipeline -> {
            problems.addAll(filesNamed(path, source, pipeline));
            problems.addAll(calendars(path, pipeline));
        });
        return new PipelineFile(path, source, parsed.pipeline().filter(any -> problems.isEmpty()), problems);
    }

    /** The same file, held against the other pipelines that are known; one with problems stays as it is. */
    PipelineFile against(Map<PipelineId, Pipeline> known) {
        List<Problem> found = pipeline.map(own ->
                        StartedRuns.problems(path.toString(), source, own, id -> Optional.ofNullable(known.get(id))))
                .orElse(List.of());
        return found.isEmpty() ? this : new PipelineFile(path, source, Optional.empty(), found);
    }

    /** The pipeline's id. Only for a valid one. */
    String id() {
        return pipeline.orElseThrow().id().value();
    }

    /** The pipeline with the files that it names. Only for a valid one. */
    PipelineBundle bundle() {
        return PipelineBundle.of(path, source, pipeline.orElseThrow().files());
    }

    /**
     * The bytes of a file that the pipeline names.
     *
     * @throws UsageException when it cannot be read
     */
    byte[] contentOf(String name) {
        return new BoundedFile("file", path.resolveSibling(name)).bytes(MOST_BYTES_A_FILE);
    }

    /** The text that a problem points into; empty when that is another file than the pipeline's own. */
    String sourceOf(Problem problem) {
        Path name = path.getFileName();
        boolean own = problem.file().equals(path.toString())
                || (name != null && problem.file().equals(name.toString()));
        return own ? source : "";
    }

    private static List<Problem> calendars(Path path, Pipeline pipeline) {
        return CalendarFiles.problems(pipeline, name -> bytesOf(path.resolveSibling(name))).stream()
                .map(problem -> new Problem(
                        path.resolveSibling(problem.file()).toString(),
                        problem.line(),
                        problem.column(),
                        problem.message(),
                        problem.expected(),
                        problem.suggestion()))
                .toList();
    }

    /** Empty of a file that is not there or too large, which is a problem already. */
    private static Optional<byte[]> bytesOf(Path file) {
        return Files.isRegularFile(file) && file.toFile().length() <= MOST_BYTES_A_FILE
                ? Optional.of(new BoundedFile("file", file).bytes(MOST_BYTES_A_FILE))
                : Optional.empty();
    }

    private static List<Problem> filesNamed(Path path, String source, Pipeline pipeline) {
        List<Problem> problems = new ArrayList<>();
        for (String name : pipeline.files()) {
            Path file = path.resolveSibling(name);
            if (!Files.isRegularFile(file)) {
                problems.add(problem(
                        path, source, name, "there is no file " + file, "a path relative to the pipeline's file"));
            } else if (file.toFile().length() > MOST_BYTES_A_FILE) {
                problems.add(problem(
                        path,
                        source,
                        name,
                        "the file " + file + " has " + file.toFile().length() + " bytes",
                        "at most " + MOST_BYTES_A_FILE
                                + " bytes a file; larger data stays where it is, and the script is "
                                + "told its whole path, or is an artifact"));
            }
        }
        return problems;
    }

    private static Problem problem(Path path, String source, String name, String message, String expected) {
        int at = placeOf(source, name);
        String before = source.substring(0, at);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.codePointCount(before.lastIndexOf('\n') + 1, before.length()) + 1;
        return new Problem(path.toString(), line, column, message, Optional.of(expected), Optional.empty());
    }

    /** Where a list of files names it; else, and this is a guess, where the source first has it. */
    private static int placeOf(String source, String name) {
        Matcher named = Pattern.compile("(?m)(?:\\bfiles?:(?: |[^\\n#]*[ \\[,\"'])|^ *- +[\"']?)(" + Pattern.quote(name)
                        + ")(?=[\"' ,\\]}]|$)")
                .matcher(source);
        return named.find() ? named.start(1) : Math.max(0, source.indexOf(name));
    }
}
