package io.millrace.cli.command;

import io.millrace.cli.client.PipelineBundle;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline's file on this machine, read and judged, with the files that its tasks name.
 *
 * @param pipeline present exactly if there is no problem
 */
record PipelineFile(Path path, String source, Optional<Pipeline> pipeline, List<Problem> problems) {
    /**
     * Reads and judges it.
     *
     * @throws UsageException when it cannot be read
     */
    static PipelineFile read(Path path) {
        byte[] bytes = bytes(path);
        String source = new String(bytes, StandardCharsets.UTF_8);
        ParsedPipeline parsed = PipelineParser.parse(path.toString(), bytes);
        List<Problem> problems = new ArrayList<>(parsed.problems());
        parsed.pipeline().ifPresent(pipeline -> problems.addAll(missingFiles(path, source, pipeline)));
        return new PipelineFile(path, source, parsed.pipeline().filter(any -> problems.isEmpty()), problems);
    }

    /** The pipeline's id. Only for a valid one. */
    String id() {
        return pipeline.orElseThrow().id().value();
    }

    /** The pipeline with the files that it names. Only for a valid one. */
    PipelineBundle bundle() {
        return PipelineBundle.of(path, source, pipeline.orElseThrow().files());
    }

    private static byte[] bytes(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + path, e);
        } catch (IOException e) {
            String why = Files.isDirectory(path) ? "it is a directory" : String.valueOf(e.getMessage());
            throw new UsageException("the file " + path + " cannot be read: " + why, e);
        }
    }

    private static List<Problem> missingFiles(Path path, String source, Pipeline pipeline) {
        List<Problem> problems = new ArrayList<>();
        for (String name : pipeline.files()) {
            if (!Files.isRegularFile(path.resolveSibling(name))) {
                problems.add(missing(path, source, name));
            }
        }
        return problems;
    }

    private static Problem missing(Path path, String source, String name) {
        int at = Math.max(0, source.indexOf(name));
        String before = source.substring(0, at);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.codePointCount(before.lastIndexOf('\n') + 1, before.length()) + 1;
        return new Problem(
                path.toString(),
                line,
                column,
                "there is no file " + path.resolveSibling(name),
                Optional.of("a path relative to the pipeline's file"),
                Optional.empty());
    }
}
