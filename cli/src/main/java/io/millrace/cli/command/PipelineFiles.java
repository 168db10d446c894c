package io.millrace.cli.command;

import io.millrace.pipeline.CalendarFiles;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.PipelineLimits;
import io.millrace.pipeline.StartedRuns;
import io.millrace.testkit.file.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The pipeline files that a verb is given: files, and directories with all pipeline files in them. */
final class PipelineFiles {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Pipeline files (YAML), or directories: all *.yaml and *.yml in them, but nothing hidden, no tests and no calendars.")
    private List<Path> paths = List.of();

    /**
     * Reads and judges each of them once, and against one another; those of a directory in the order of their names.
     *
     * @throws UsageException when one cannot be read, or a directory holds no pipeline file
     */
    List<PipelineFile> read() {
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                files.addAll(in(path));
            } else {
                files.add(path);
            }
        }
        List<PipelineFile> read = files.stream().map(PipelineFile::read).toList();
        Map<PipelineId, Pipeline> known = new HashMap<>();
        read.forEach(file -> file.pipeline().ifPresent(pipeline -> known.putIfAbsent(pipeline.id(), pipeline)));
        return read.stream().map(file -> file.against(known)).toList();
    }

    /**
     * Valid files in an order in which a pipeline comes after those of which it starts runs, as far as there is one: a platform holds
     * each against what is current there, and that must not be what the next file replaces. Otherwise the order stays.
     */
    static List<PipelineFile> startedFirst(List<PipelineFile> files) {
        Map<PipelineId, PipelineFile> left = new LinkedHashMap<>();
        files.forEach(file -> left.put(file.pipeline().orElseThrow().id(), file));
        List<PipelineFile> ordered = new ArrayList<>();
        files.forEach(file -> take(file.pipeline().orElseThrow().id(), left, ordered));
        return ordered;
    }

    private static void take(PipelineId id, Map<PipelineId, PipelineFile> left, List<PipelineFile> ordered) {
        PipelineFile file = left.remove(id);
        if (file != null) {
            StartedRuns.of(file.pipeline().orElseThrow()).forEach(started -> take(started, left, ordered));
            ordered.add(file);
        }
    }

    /** Two files that define the same pipeline, as a sentence for each such pair. */
    static List<String> doubles(List<PipelineFile> files) {
        Map<String, Path> firsts = new HashMap<>();
        List<String> doubles = new ArrayList<>();
        for (PipelineFile file : files) {
            if (file.pipeline().isPresent()) {
                Path first = firsts.putIfAbsent(file.id(), file.path());
                if (first != null) {
                    doubles.add(file.path() + " defines the pipeline " + file.id() + ", and so does " + first);
                }
            }
        }
        return doubles;
    }

    private static List<Path> in(Path directory) {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> isPipeline(directory.relativize(file)) && Files.isRegularFile(file))
                    .filter(file -> !isCalendar(file))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("the directory " + directory + " cannot be read: " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw new UsageException("there is no *.yaml or *.yml in the directory " + directory);
        }
        return files;
    }

    /** Such as stand beside the pipelines whose schedules refer to them. */
    private static boolean isCalendar(Path file) {
        return file.toFile().length() <= PipelineLimits.FILE_BYTES
                && CalendarFiles.isCalendar(new BoundedFile("file", file).bytes(PipelineLimits.FILE_BYTES));
    }

    private static boolean isPipeline(Path file) {
        for (Path part : file) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name =
                Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && !TestFiles.isTestFile(file);
    }
}
