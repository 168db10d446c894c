package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineFile;
import io.millrace.pipeline.CalendarFiles;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Problem;
import io.millrace.pipeline.StartedRuns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A pipeline's file and the files that its tasks name, as somebody wants them applied; checked in full when it is made.
 * Immutable and pure.
 */
public final class Submission {
    private final String fileName;
    private final String source;
    private final List<PipelineFile> files;
    private final Optional<Pipeline> pipeline;
    private final List<Problem> problems;

    private Submission(
            String fileName,
            String source,
            List<PipelineFile> files,
            Optional<Pipeline> pipeline,
            List<Problem> problems) {
        this.fileName = fileName;
        this.source = source;
        this.files = files;
        this.pipeline = pipeline;
        this.problems = problems;
    }

    /**
     * Reads and checks a submission; bad input is answered with {@link #problems()}, never with an exception.
     *
     * @param fileName the name of the pipeline's file, as problems are to show it
     * @param source the text of the pipeline's file
     * @param files the files that its tasks name; their order means nothing
     */
    public static Submission of(String fileName, String source, List<PipelineFile> files) {
        List<PipelineFile> sorted = files.stream()
                .sorted(Comparator.comparing(PipelineFile::getPath))
                .toList();
        ParsedPipeline parsed = PipelineParser.parse(fileName, source);
        List<Problem> problems = new ArrayList<>(parsed.problems());
        SubmittedFiles submitted = new SubmittedFiles(fileName, source, sorted);
        problems.addAll(submitted.overLimits());
        parsed.pipeline().ifPresent(pipeline -> {
            problems.addAll(submitted.notFitting(pipeline));
            problems.addAll(CalendarFiles.problems(pipeline, submitted::bytes));
        });
        return new Submission(
                fileName,
                source,
                sorted,
                problems.isEmpty() ? parsed.pipeline() : Optional.empty(),
                List.copyOf(problems));
    }

    /**
     * The same submission, held against the pipelines of which its tasks start runs; one that had problems already stays as it is.
     *
     * @param known the current version of another pipeline; of one that is not known nothing is asked
     */
    Submission against(Function<PipelineId, Optional<Pipeline>> known) {
        List<Problem> found = pipeline.map(own -> StartedRuns.problems(fileName, source, own, known))
                .orElse(List.of());
        return found.isEmpty() ? this : new Submission(fileName, source, files, Optional.empty(), found);
    }

    /** What the source says; present exactly when there are no problems. */
    public Optional<Pipeline> pipeline() {
        return pipeline;
    }

    /** The other pipelines of which its tasks start runs; none when there are problems. */
    Set<PipelineId> started() {
        return pipeline.map(StartedRuns::of).orElse(Set.of());
    }

    /** All that keeps it from being applied, in file order. */
    public List<Problem> problems() {
        return problems;
    }

    /** SHA-256 over source and files, in hexadecimal: equal exactly when both are. */
    public String digest() {
        return Digest.of(source, files);
    }

    /** The text of the pipeline's file. */
    public String source() {
        return source;
    }

    /** Sorted by path. */
    List<PipelineFile> files() {
        return files;
    }
}
