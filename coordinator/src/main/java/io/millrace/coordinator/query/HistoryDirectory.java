package io.millrace.coordinator.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the local database lies, and what is done when it cannot be used: a damaged one is moved aside, for whoever wants
 * to look at it, and a new one begun; one that another process has open is left alone, and a temporary one used.
 *
 * <p><b>Threading.</b> Not thread-safe; the history's thread owns it.
 */
final class HistoryDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HistoryDirectory.class);
    private static final String DISCARDED = ".discarded-";

    private final Path wanted;
    private final Clock clock;
    private @Nullable Path held;
    private @Nullable FileChannel lock;

    HistoryDirectory(Path directory, Clock clock) {
        this.wanted = directory.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /**
     * Opens the database, if need be an empty one.
     *
     * @throws HistoryUnavailableException when the disk does not take even an empty one
     */
    HistoryStore open(HistoryIdentity identity) {
        try {
            Path directory = hold();
            try {
                return HistoryStore.open(directory, identity);
            } catch (CorruptHistoryException e) {
                log.warn("{} It is moved aside and rebuilt from the topic", e.getMessage(), e.getCause());
                moveAside();
                return HistoryStore.open(directory, identity);
            }
        } catch (IOException | UncheckedIOException | CorruptHistoryException e) {
            throw new HistoryUnavailableException("The local history cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Puts the database out of the way; it must be closed. Of those put away earlier none is kept. */
    void moveAside() {
        Path directory = held == null ? wanted : held;
        try {
            for (Path earlier : discarded(directory)) {
                delete(earlier);
            }
            Path target = directory.resolveSibling(name(directory) + DISCARDED + clock.millis());
            Files.move(directory, target);
            log.warn("The local history {} now lies in {}", directory, target);
        } catch (IOException e) {
            throw new HistoryUnavailableException(
                    "The local history " + directory + " cannot be moved aside: " + e.getMessage(), e);
        }
    }

    private static List<Path> discarded(Path directory) throws IOException {
        try (Stream<Path> siblings = Files.list(parent(directory))) {
            return siblings.filter(path -> name(path).startsWith(name(directory) + DISCARDED))
                    .toList();
        }
    }

    /** The directory that no other process uses while this one has it. */
    private Path hold() throws IOException {
        Path directory = held;
        if (directory != null) {
            return directory;
        }
        Files.createDirectories(parent(wanted));
        if (!lock(wanted)) {
            directory = wanted.resolveSibling(name(wanted) + "-" + UUID.randomUUID());
            log.warn(
                    "Another process has the local history {} open; this one rebuilds its own in {} and deletes it at"
                            + " the end. Give every coordinator a state directory of its own",
                    wanted,
                    directory);
        } else {
            directory = wanted;
        }
        held = directory;
        return directory;
    }

    /** RocksDB's own lock lies in the directory, and would be moved aside with it. */
    private boolean lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolveSibling(name(directory) + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        Optional<FileLock> taken;
        try {
            taken = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException heldByThisProcess) {
            taken = Optional.empty();
        }
        if (taken.isEmpty()) {
            channel.close();
            return false;
        }
        lock = channel;
        return true;
    }

    /** Lets go of the directory; the database must be closed. */
    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            } else if (held != null) {
                delete(held);
            }
        } catch (IOException e) {
            log.warn("The local history {} could not be let go of", held, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Path parent(Path directory) {
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("The file system's root cannot hold the history");
        }
        return parent;
    }

    private static String name(Path directory) {
        Path name = directory.getFileName();
        return name == null ? "" : name.toString();
    }
}
