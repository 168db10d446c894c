package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a directory with all that is in it: also where a task took the permissions to do so away, and where it lies deeper than a path may be long (a
 * script may change into each directory that it makes; what lies deep is moved up, and deleted in another round). Links are deleted and not followed.
 *
 * <p><b>Threading:</b> for one thread, once.
 */
final class DirectoryRemoval {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** How much longer than that of the root a path may be: far from the 4,096 bytes of Linux, and from its 1,024 open files. */
    private static final int LONGEST_WAY = 400;

    private final Path root;
    private int moved;

    DirectoryRemoval(Path root) {
        this.root = root;
    }

    void run() throws IOException {
        int before;
        do {
            before = moved;
            Files.walkFileTree(root, new Remover());
        } while (moved > before);
    }

    private final class Remover extends SimpleFileVisitor<Path> {
        private final int movedBefore = moved;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
                Files.setPosixFilePermissions(directory, PRIVATE);
            }
            if (directory.toString().length() - root.toString().length() <= LONGEST_WAY) {
                return FileVisitResult.CONTINUE;
            }
            Files.move(directory, root.resolve(".moved-up-" + moved++));
            return FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException reason) throws IOException {
            if (reason instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            if (Files.isDirectory(file) && !Files.isReadable(file)) {
                Files.setPosixFilePermissions(file, PRIVATE);
                Files.walkFileTree(file, this);
                return FileVisitResult.CONTINUE;
            }
            throw reason;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException reason) throws IOException {
            if (reason != null) {
                throw reason;
            }
            if (!directory.equals(root) || moved == movedBefore) {
                Files.deleteIfExists(directory);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
