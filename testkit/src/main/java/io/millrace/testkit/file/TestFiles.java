package io.millrace.testkit.file;

import io.millrace.pipeline.PipelineLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files of tests from a disk, with the pipelines beside them. */
public final class TestFiles {
    private TestFiles() {}

    /** Whether a file is one of tests, by its name: {@code *.test.yaml} or {@code *.test.yml}. */
    public static boolean isTestFile(Path file) {
        Path name = file.getFileName();
        return name != null && TestFileParser.ENDINGS.stream().anyMatch(name.toString()::endsWith);
    }

    /**
     * Reads a file of tests and the pipeline that it names; what is wrong in either of them are problems.
     *
     * @throws IOException when the file of tests cannot be read
     */
    public static ParsedTests read(Path file) throws IOException {
        return TestFileParser.parse(file.toString(), bytes(file), name -> pipeline(file, name));
    }

    private static Optional<Pipelines.Source> pipeline(Path tests, String name) {
        try {
            Path file = tests.resolveSibling(name);
            return Optional.of(new Pipelines.Source(file.toString(), bytes(file)));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** As much as tells that a file is too large is enough. */
    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(PipelineLimits.FILE_BYTES + 1);
        }
    }
}
