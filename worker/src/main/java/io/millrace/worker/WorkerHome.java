package io.millrace.worker;

import io.millrace.worker.execute.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one worker on this machine, held by a lock as long as the worker lives: two workers of one name would take each other's tasks for
 * their own leftovers. The lock's file holds an id, made at its first use, by which a later worker in the same place knows what earlier ones left.
 *
 * <p><b>Threading:</b> opened and closed by the worker's owner.
 */
final class WorkerHome implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerHome.class);
    private static final String LOCK = "lock";
    private static final int ID_LENGTH = 36;
    private static final Pattern ID = Pattern.compile("[0-9a-f-]{" + ID_LENGTH + "}");

    private final Path directory;
    private final FileChannel lock;
    private final String id;

    private WorkerHome(Path directory, FileChannel lock, String id) {
        this.directory = directory;
        this.lock = lock;
        this.id = id;
    }

    /**
     * Takes the worker's directory and empties it of what an earlier life left.
     *
     * @throws IllegalStateException when a worker of that name runs on this machine
     */
    static WorkerHome open(Path root, String workerId) throws IOException {
        Path directory = root.resolve(workerId);
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel lock = lock(directory);
        if (lock == null) {
            throw new IllegalStateException("A worker with the id '" + workerId + "' runs on this machine already, in "
                    + directory + "; give this one another id or another directory.");
        }
        WorkerHome home = new WorkerHome(directory, lock, idIn(lock));
        home.sweep();
        return home;
    }

    /** Where workers live unless they are told otherwise: below the system's directory for temporary files, apart for each user. */
    static Path standardDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + System.getProperty("user.name"), "workers");
    }

    /** The name of this host with the first ordinal that no running worker has in that directory. */
    static String firstFreeId(Path root) {
        String host = hostName().replaceAll("[^A-Za-z0-9._-]", "-");
        for (int ordinal = 0; ; ordinal++) {
            String id = (host.length() > 180 ? host.substring(0, 180) : host) + "-" + ordinal;
            if (isFree(root.resolve(id))) {
                return id;
            }
        }
    }

    static String hostName() {
        String variable = System.getenv("HOSTNAME");
        if (variable != null && !variable.isBlank()) {
            return variable.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "worker";
        }
    }

    Path directory() {
        return directory;
    }

    /** What no other home has, on this machine or any other; the same in all lives of the worker that lives here. */
    String id() {
        return id;
    }

    @Override
    public void close() throws IOException {
        sweep();
        lock.close();
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "{attempt,pipes,python}-*")) {
            for (Path entry : entries) {
                try {
                    Workspace.delete(entry);
                } catch (IOException | UncheckedIOException e) {
                    // A file of another user's, for example: it harms no attempt, and is no reason not to work.
                    LOG.warn("What an attempt left in {} cannot be deleted", entry, e);
                }
            }
        }
    }

    private static String idIn(FileChannel lock) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ID_LENGTH);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = lock.read(bytes, bytes.position());
        }
        String known = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        if (ID.matcher(known).matches()) {
            return known;
        }
        String made = UUID.randomUUID().toString();
        for (ByteBuffer left = StandardCharsets.US_ASCII.encode(made); left.hasRemaining(); ) {
            lock.write(left, left.position());
        }
        return made;
    }

    private static boolean isFree(Path directory) {
        if (!Files.exists(directory.resolve(LOCK))) {
            return true;
        }
        try (FileChannel lock = lock(directory)) {
            return lock != null;
        } catch (IOException notOurs) {
            return false;
        }
    }

    /** The lock's channel, which holds the lock until it is closed; null when another worker holds it. */
    private static @Nullable FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldInThisProcess) {
            channel.close();
            return null;
        }
        channel.close();
        return null;
    }
}
