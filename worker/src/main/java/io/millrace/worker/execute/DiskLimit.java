package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;

/**
 * How much may lie in the directories of an attempt, by the lengths of its files. It is added up every two seconds, and less often where that takes
 * long: never more than a twentieth of the time.
 *
 * <p><b>Threading:</b> confined to the thread that executes the script.
 */
final class DiskLimit {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int PAUSE_FACTOR = 20;

    private final long bytes;
    private final Path root;
    private long nextNanos = System.nanoTime() + INTERVAL.toNanos();

    DiskLimit(long bytes, Path root) {
        this.bytes = bytes;
        this.root = root;
    }

    /** What is to be said when the limit is exceeded. */
    Optional<String> excess() {
        long start = System.nanoTime();
        if (start - nextNanos < 0) {
            return Optional.empty();
        }
        long used = used();
        long took = System.nanoTime() - start;
        nextNanos = System.nanoTime() + Math.max(INTERVAL.toNanos(), PAUSE_FACTOR * took);
        return used <= bytes
                ? Optional.empty()
                : Optional.of("The files of the task have " + ByteSize.words(used) + ", over the limit of "
                        + ByteSize.words(bytes) + " (worker.task.disk).");
    }

    private long used() {
        long[] sum = {0};
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path goneOrClosed, IOException reason) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException changedMeanwhile) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException impossible) {
            throw new IllegalStateException("The visitor threw nothing", impossible);
        }
        return sum[0];
    }
}
