package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Named pipes of the worker's own, made ahead: one {@code mkfifo} makes those of many attempts, and to take one is to rename it.
 *
 * <p><b>Threading:</b> any number of threads take pipes; the first that finds none makes the next.
 */
final class PipeStock implements AutoCloseable {
    private static final int BATCH = 64;

    private final Path parent;
    private final Deque<Path> ready = new ArrayDeque<>();
    private @Nullable Path directory;

    /** A stock that lies below a directory that exists, in the file system of the workspaces. */
    PipeStock(Path parent) {
        this.parent = parent;
    }

    /** Puts a pipe there. */
    void put(Path place) throws IOException, InterruptedException {
        try {
            Files.move(take(), place);
        } catch (NoSuchFileException swept) {
            // What lies in a directory for temporary files may be taken away, sooner or later.
            close();
            Files.move(take(), place);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        ready.clear();
        if (directory != null) {
            Path old = directory;
            directory = null;
            if (Files.exists(old)) {
                Workspace.delete(old);
            }
        }
    }

    private synchronized Path take() throws IOException, InterruptedException {
        if (ready.isEmpty()) {
            if (directory == null) {
                directory = Workspace.makeDirectory(parent, "pipes-");
            }
            ready.addAll(make(directory));
        }
        return ready.remove();
    }

    private static List<Path> make(Path directory) throws IOException, InterruptedException {
        String mkfifo = Programs.of(System.getenv())
                .find("mkfifo")
                .orElseThrow(() -> new IOException("there is no program 'mkfifo' on this machine"));
        ProcessBuilder builder = new ProcessBuilder(mkfifo, "-m", "600");
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            paths.add(directory.resolve(Integer.toString(i)));
            builder.command().add(paths.get(i).toString());
        }
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("mkfifo failed with code " + code + " in " + directory);
        }
        return paths;
    }
}
