package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A directory that all workers reach: {@code objects/<two digits>/<the others>}, each with the time of its last use as the time of its last change. What
 * is being written is in {@code incoming}, and moves in one step, over what may be there already: so a new use can never meet an old time.
 */
final class DirectoryStore implements ArtifactStore {
    private final Path root;
    private final Path objects;
    private final Path incoming;
    private final Clock clock;

    /** A store in a directory that is made when it is first used. */
    DirectoryStore(Path root, Clock clock) {
        this.root = root;
        this.objects = root.resolve("objects");
        this.incoming = root.resolve("incoming");
        this.clock = clock;
    }

    @Override
    public Transfer.Moved put(Path file, Transfer transfer) throws IOException {
        Files.createDirectories(incoming);
        Path part = incoming.resolve(UUID.randomUUID() + ".part");
        try {
            Transfer.Moved moved;
            try (InputStream in = Files.newInputStream(file);
                    FileChannel channel =
                            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = Channels.newOutputStream(channel);
                moved = transfer.move(in, out);
                channel.force(true);
            }
            use(part);
            Path object = path(moved.digest());
            Files.createDirectories(object.getParent());
            Files.move(part, object, StandardCopyOption.ATOMIC_MOVE);
            return moved;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) throws IOException {
        Path object = path(digest);
        try {
            if (!Files.readAttributes(object, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                // Nothing of ours: a link would be followed out of the store, and a pipe never end.
                throw new FileSystemException(object.toString(), null, "it is no plain file there");
            }
            InputStream in = Files.newInputStream(object, LinkOption.NOFOLLOW_LINKS);
            try {
                use(object);
            } catch (NoSuchFileException sweptNow) {
                // An open file stays readable.
                return Optional.of(in);
            }
            return Optional.of(in);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    @Override
    public int sweep(Instant unusedSince, Duration every) throws IOException {
        return new DirectorySweep(root, clock).sweep(unusedSince, every);
    }

    @Override
    public String describe() {
        return "file:" + root;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    private void use(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    private Path path(Digest digest) {
        return objects.resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
    }
}
