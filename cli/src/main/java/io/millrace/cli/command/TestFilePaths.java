package io.millrace.cli.command;

import io.millrace.testkit.file.ParsedTests;
import io.millrace.testkit.file.TestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The files of tests that a verb is given: files, and directories with all files of tests in them. */
final class TestFilePaths {
    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description =
                    "Files of tests, or directories: all *.test.yaml and *.test.yml in them, but nothing hidden; default the "
                            + "current directory.")
    private List<Path> paths = List.of();

    /**
     * Reads each of them once, those of a directory in the order of their names.
     *
     * @throws UsageException when one cannot be read, or there is none
     */
    List<ParsedTests> read() {
        List<Path> given = paths.isEmpty() ? List.of(Path.of("")) : paths;
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : given) {
            if (Files.isDirectory(path)) {
                files.addAll(in(path));
            } else {
                files.add(path);
            }
        }
        List<ParsedTests> read = new ArrayList<>();
        files.forEach(file -> read.add(read(file)));
        return read;
    }

    private static ParsedTests read(Path file) {
        try {
            return TestFiles.read(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + file, e);
        } catch (IOException e) {
            throw new UsageException("the file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> in(Path directory) {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(file -> TestFiles.isTestFile(file)
                            && !isHidden(directory.relativize(file))
                            && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UsageException("the directory " + directory + " cannot be read: " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            String where = directory.toString().isEmpty() ? "here" : "in the directory " + directory;
            throw new UsageException("there is no *.test.yaml or *.test.yml " + where);
        }
        return files;
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
