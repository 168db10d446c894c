package io.millrace.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of a few megabytes under a worker's working directory, which can be filled, and made read-only. Needs root and Linux. */
final class SmallDisk implements AutoCloseable {
    private final Path mount;
    private final boolean there;

    SmallDisk(Path mount) throws IOException {
        this.mount = Files.createDirectories(mount);
        this.there = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.toString());
    }

    boolean isThere() {
        return there;
    }

    void fill() {
        run("sh", "-c", "cat /dev/zero > '" + mount.resolve("filling") + "' 2>/dev/null || true");
    }

    void clear() {
        try {
            Files.deleteIfExists(mount.resolve("filling"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Lays an empty one over it that cannot be written to: what is open stays open, whatever is looked up is not there. */
    void lock() {
        if (!run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", mount.toString())) {
            throw new AssertionError("a read-only file system could not be mounted on " + mount);
        }
    }

    void unlock() {
        if (!run("umount", "-l", mount.toString())) {
            throw new AssertionError("the read-only file system could not be taken from " + mount);
        }
    }

    @Override
    public void close() {
        if (there) {
            run("umount", "-l", mount.toString());
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
