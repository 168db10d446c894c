package io.millrace.worker.execute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directories of one attempt, fresh, and readable by the worker's user only: {@code work}, in which the task runs, and beside it what the protocol
 * needs, where a task that sweeps its working directory does not meet it. They are made at the first use: a handler that needs none costs none.
 *
 * <p><b>Threading:</b> used by the executing thread and by the handler's.
 */
public final class Workspace implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Pattern SEPARATOR = Pattern.compile("/");

    private final Path parent;
    private @Nullable Path root;
    private boolean closed;

    /** A workspace below a directory that exists. */
    Workspace(Path parent) {
        this.parent = parent;
    }

    private synchronized Path root() {
        if (closed) {
            throw new IllegalStateException("The attempt has ended, and its directory with it.");
        }
        Path made = root;
        if (made == null) {
            try {
                made = makeDirectory(parent, "attempt-");
                Files.createDirectory(made.resolve("work"));
            } catch (IOException e) {
                throw new UncheckedIOException("no working directory could be made: " + e.getMessage(), e);
            }
            root = made;
        }
        return made;
    }

    Path work() {
        return root().resolve("work");
    }

    Path inputs() {
        return root().resolve("inputs.json");
    }

    Path output() {
        return root().resolve("output.json");
    }

    /** Where the last checkpoint of an earlier delivery lies, if there is one. */
    Path checkpoint() {
        return root().resolve("checkpoint.json");
    }

    /** Where a script says how far it is. */
    Path progress() {
        return root().resolve("progress.json");
    }

    /** All of the attempt's directories. */
    Path directory() {
        return root();
    }

    Path stdout() {
        return root().resolve("stdout");
    }

    Path stderr() {
        return root().resolve("stderr");
    }

    void writeInputs(String json) throws IOException {
        Files.writeString(inputs(), json, StandardCharsets.UTF_8);
    }

    void writeCheckpoint(String json) throws IOException {
        Files.writeString(checkpoint(), json, StandardCharsets.UTF_8);
    }

    /** Lays files into the working directory; refuses a path that leads out of it, or that two files need differently. */
    void lay(List<TaskFile> files) throws IOException, UnexecutableException {
        for (TaskFile file : files) {
            Path path = inside(file.path());
            try {
                Files.createDirectories(path.getParent());
                try (FileChannel channel =
                        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    for (var content = file.content().duplicate(); content.hasRemaining(); ) {
                        channel.write(content);
                    }
                }
            } catch (FileAlreadyExistsException conflict) {
                throw new UnexecutableException(
                        "The file '" + file.path() + "' cannot be laid out: another file of the task is in its place.");
            }
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(file.executable() ? "rwxr--r--" : "rw-r--r--"));
        }
    }

    /** A path inside the working directory. */
    Path inside(String path) throws UnexecutableException {
        try {
            Path relative = Path.of(path);
            boolean steps = SEPARATOR.splitAsStream(path).anyMatch(step -> step.isEmpty() || step.equals(".."));
            if (!relative.isAbsolute() && !steps) {
                Path resolved = work().resolve(relative).normalize();
                if (resolved.startsWith(work()) && !resolved.equals(work())) {
                    return resolved;
                }
            }
        } catch (InvalidPathException invalid) {
            throw new UnexecutableException(
                    "The file path '" + path + "' is not one of this system: " + invalid.getReason());
        }
        throw new UnexecutableException(
                "The file path '" + path + "' does not lie inside the task's working directory.");
    }

    /** Deletes everything; links are deleted and not followed. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (root != null) {
            delete(root);
        }
    }

    /** Makes a directory that only the worker's user can read, and whose name is new. */
    static Path makeDirectory(Path parent, String prefix) throws IOException {
        return Files.createTempDirectory(parent, prefix, PosixFilePermissions.asFileAttribute(PRIVATE));
    }

    /** Deletes a directory with all that is in it, whatever the task did to it: see {@link DirectoryRemoval}. */
    public static void delete(Path directory) throws IOException {
        new DirectoryRemoval(directory).run();
    }
}
