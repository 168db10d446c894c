package io.millrace.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's directory, held by this process alone until it is closed. Beside Kafka's files in {@code log/} there are
 * {@code lock}, which the operating system frees when its holder dies, and {@code millrace.properties}, which says who
 * may read the rest: it is written before anything else, so that a directory of something else is never touched.
 */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String LAYOUT = "1";

    private final Path directory;
    private final FileChannel lockFile;

    private DataDirectory(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory or takes an existing one of ours.
     *
     * @throws EmbeddedStartException when it cannot be written, is in use, or belongs to something else
     */
    static DataDirectory open(Path path) {
        Path directory = path.toAbsolutePath().normalize();
        FileChannel lockFile = openLockFile(directory);
        DataDirectory opened = new DataDirectory(directory, lockFile);
        try {
            opened.lock();
            opened.checkOrMark();
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new EmbeddedStartException("The directory " + directory + " cannot be used: " + e, e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    Path logDirectory() {
        return directory.resolve("log");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest, and nothing is written through this channel any more.
            LOG.warn("Could not close the lock file in {}", directory, e);
        }
    }

    private static FileChannel openLockFile(Path directory) {
        try {
            Files.createDirectories(directory);
            return FileChannel.open(
                    directory.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new EmbeddedStartException(directory + " cannot be a directory: " + e.getFile() + " is a file", e);
        } catch (IOException e) {
            throw new EmbeddedStartException(
                    "The directory " + directory + " cannot be made or written: "
                            + (e instanceof AccessDeniedException ? "no permission" : reason(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "the file system does not let one be made there";
        }
        return e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.toString();
    }

    private void lock() throws IOException {
        @Nullable FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new EmbeddedStartException(
                    "The directory " + directory + " is already in use by a broker in this process", e);
        }
        if (lock == null) {
            String holder = Files.readString(directory.resolve("lock")).strip();
            throw new EmbeddedStartException(
                    "The directory " + directory + " is in use by another process"
                            + (holder.isEmpty() ? "" : " (" + holder + ")") + ": stop it, or choose another directory",
                    null);
        }
        lockFile.truncate(0);
        lockFile.write(
                StandardCharsets.UTF_8.encode("pid " + ProcessHandle.current().pid() + "\n"), 0);
    }

    private void checkOrMark() throws IOException {
        Path marker = directory.resolve("millrace.properties");
        if (Files.exists(marker)) {
            check(marker);
            return;
        }
        try (Stream<Path> content = Files.list(directory)) {
            content.filter(file -> !file.endsWith("lock") && !file.endsWith("millrace.properties.new"))
                    .findFirst()
                    .ifPresent(stranger -> {
                        throw new EmbeddedStartException(
                                "The directory " + directory + " is not one of ours: it already holds "
                                        + stranger.getFileName() + "; choose an empty or a new one",
                                null);
                    });
        }
        Path draft = directory.resolve("millrace.properties.new");
        Files.writeString(
                draft,
                "# The data directory of Millrace's embedded Kafka: change nothing in it by hand.\nlayout=" + LAYOUT
                        + "\nmetadata.version="
                        + MetadataVersion.latestProduction().featureLevel() + "\n");
        Files.move(draft, marker, StandardCopyOption.ATOMIC_MOVE);
    }

    private void check(Path marker) throws IOException {
        Properties written = new Properties();
        try (var reader = Files.newBufferedReader(marker)) {
            written.load(reader);
        } catch (IllegalArgumentException e) {
            throw new EmbeddedStartException(marker + " cannot be read: " + e.getMessage(), e);
        }
        String layout = written.getProperty("layout", "none");
        String level = written.getProperty("metadata.version", "none");
        short supported = MetadataVersion.latestProduction().featureLevel();
        if (!layout.equals(LAYOUT) || !level.matches("\\d{1,4}") || Short.parseShort(level) > supported) {
            throw new EmbeddedStartException(
                    "The directory " + directory + " belongs to another version (layout " + layout
                            + ", Kafka metadata version " + level + "; this one reads layout " + LAYOUT
                            + " and metadata versions up to " + supported
                            + "): use that version, or choose another directory",
                    null);
        }
    }
}
