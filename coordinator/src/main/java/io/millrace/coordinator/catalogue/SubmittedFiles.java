package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineFile;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Holds the files that came with a pipeline against the files that it names, and against the limits. Pure. */
record SubmittedFiles(String fileName, String source, List<PipelineFile> files) {
    static final int MAX_FILE_BYTES = 256 << 10;
    /** With it every version fits into one Kafka record of the default size. */
    static final int MAX_TOTAL_BYTES = 768 << 10;

    /** What is too large. */
    List<Problem> overLimits() {
        List<Problem> problems = new ArrayList<>();
        long total = source.getBytes(StandardCharsets.UTF_8).length;
        for (PipelineFile file : files) {
            int bytes = file.getContent().remaining();
            total += bytes;
            if (bytes > MAX_FILE_BYTES) {
                problems.add(at(
                        file.getPath(),
                        "the file \"" + file.getPath() + "\" has " + bytes + " bytes",
                        "at most " + MAX_FILE_BYTES + " bytes a file"));
            }
        }
        if (total > MAX_TOTAL_BYTES) {
            problems.add(new Problem(
                    fileName,
                    1,
                    1,
                    "the pipeline and its files have " + total + " bytes",
                    Optional.of("at most " + MAX_TOTAL_BYTES + " bytes together"),
                    Optional.empty()));
        }
        return problems;
    }

    /** The bytes of the file at a path; empty when it was not sent. */
    Optional<byte[]> bytes(String path) {
        return files.stream()
                .filter(file -> file.getPath().equals(path))
                .findFirst()
                .map(file -> {
                    byte[] bytes = new byte[file.getContent().remaining()];
                    file.getContent().duplicate().get(bytes);
                    return bytes;
                });
    }

    /** What is missing, there twice, or there and not named by the pipeline. */
    List<Problem> notFitting(Pipeline pipeline) {
        List<Problem> problems = new ArrayList<>();
        Set<String> given = new HashSet<>();
        for (PipelineFile file : files) {
            String path = file.getPath();
            if (!given.add(path)) {
                problems.add(at(path, "the file \"" + path + "\" was sent twice", "each file once"));
            } else if (!pipeline.files().contains(path)) {
                problems.add(at(
                        path,
                        "the file \"" + path + "\" was sent, and nothing in the pipeline names it",
                        pipeline.files().isEmpty() ? "no files" : "only " + String.join(", ", pipeline.files())));
            }
        }
        for (String named : pipeline.files()) {
            if (!given.contains(named)) {
                problems.add(at(
                        named,
                        "the pipeline names the file \"" + named + "\", and it was not sent",
                        "the file beside the pipeline's own"));
            }
        }
        return problems;
    }

    /** Where the source first has the path; its beginning when it does not have it. */
    private Problem at(String path, String message, String expected) {
        int index = Math.max(0, source.indexOf(path));
        int lineStart = source.lastIndexOf('\n', index - 1) + 1;
        int line = (int) source.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        int column = source.codePointCount(lineStart, index) + 1;
        return new Problem(fileName, line, column, message, Optional.of(expected), Optional.empty());
    }
}
