package io.millrace.cli.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How tests start Java: as the {@code millrace} script does, from the distribution that was built and with its start-up archive where there is one, which
 * saves a good part of what each process costs; and the classes of the tests can be found as well.
 */
final class JavaOptions {
    private static final Optional<Path> JAR = Arrays.stream(
                    System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(path -> path.getFileName().toString().matches("millrace-cli-.*\\.jar")
                    && path.getParent().endsWith(Path.of("dist", "lib")))
            .findFirst();

    /** Where classes are found; the jar of the command is first, as the archive has it, and names all that it needs. */
    static final String CLASS_PATH =
            JAR.map(jar -> jar + File.pathSeparator).orElse("") + System.getProperty("java.class.path");

    /** What comes before the class path. */
    static final List<String> ALL = all();

    private JavaOptions() {}

    private static List<String> all() {
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            options.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        archive().ifPresent(archive -> options.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable")));
        return List.copyOf(options);
    }

    private static Optional<Path> archive() {
        if (JAR.isEmpty()) {
            return Optional.empty();
        }
        Path distribution = JAR.get().getParent().getParent();
        String ofThisJava = "java-" + Runtime.version().feature() + "-*.jsa";
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(distribution, ofThisJava)) {
            for (Path archive : archives) {
                return Optional.of(archive);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
