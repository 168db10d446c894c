package io.millrace.worker.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes from a {@link DirectoryStore} what was not used for long. A content is first moved out of the readers' way and looked at again: one that was
 * used in between goes back, so that no use is ever lost, whoever else uses or sweeps at the same time.
 */
final class DirectorySweep {
    /** What is unfinished for so long was left by a killed worker: it is written to all the time. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final Predicate<String> SHELF =
            Pattern.compile("[0-9a-f]{2}").asMatchPredicate();
    private static final Predicate<String> OBJECT =
            Pattern.compile("[0-9a-f]{62}").asMatchPredicate();
    private static final Predicate<String> UNFINISHED =
            Pattern.compile(".+[.](part|swept)").asMatchPredicate();

    /** What is looked at again keeps the time of its last use; when it was moved is in its name, or another sweep would take it for abandoned. */
    private static final Pattern ASIDE = Pattern.compile("([0-9]{1,15})-.+[.]swept");

    private final Path root;
    private final Path incoming;
    private final Clock clock;

    DirectorySweep(Path root, Clock clock) {
        this.root = root;
        this.incoming = root.resolve("incoming");
        this.clock = clock;
    }

    int sweep(Instant unusedSince, Duration every) throws IOException {
        if (!Files.isDirectory(root.resolve("objects"))) {
            return 0;
        }
        Path marker = root.resolve("last-sweep");
        try (FileChannel channel = FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            boolean due = channel.size() == 0
                    || !Files.getLastModifiedTime(marker)
                            .toInstant()
                            .isAfter(clock.instant().minus(every));
            if (lock == null || !due) {
                return 0;
            }
            if (channel.size() == 0) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            Files.setLastModifiedTime(marker, FileTime.from(clock.instant()));
            deleteAbandoned();
            return deleteUnused(unusedSince);
        } catch (OverlappingFileLockException sweptByAnotherThread) {
            return 0;
        }
    }

    private int deleteUnused(Instant unusedSince) throws IOException {
        int deleted = 0;
        for (Path shelf : entries(root.resolve("objects"), SHELF)) {
            for (Path object : entries(shelf, OBJECT)) {
                if (Files.isRegularFile(object, LinkOption.NOFOLLOW_LINKS)
                        && isOlder(object, unusedSince)
                        && delete(object, unusedSince)) {
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private boolean delete(Path object, Instant unusedSince) throws IOException {
        Path aside = incoming.resolve(clock.millis() + "-" + UUID.randomUUID() + ".swept");
        try {
            Files.createDirectories(incoming);
            Files.move(object, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException sweptByAnother) {
            return false;
        }
        if (isOlder(aside, unusedSince)) {
            Files.deleteIfExists(aside);
            return true;
        }
        Files.move(aside, object, StandardCopyOption.ATOMIC_MOVE);
        return false;
    }

    private void deleteAbandoned() throws IOException {
        if (!Files.isDirectory(incoming)) {
            return;
        }
        for (Path part : entries(incoming, UNFINISHED)) {
            if (isAbandoned(part, clock.instant().minus(ABANDONED))) {
                Files.deleteIfExists(part);
            }
        }
    }

    private static boolean isAbandoned(Path part, Instant before) throws IOException {
        Matcher aside = ASIDE.matcher(part.getFileName().toString());
        return aside.matches()
                ? Instant.ofEpochMilli(Long.parseLong(aside.group(1))).isBefore(before)
                : isOlder(part, before);
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** What is the store's own in a directory; everything else, and what links lead to, is left alone. */
    private static List<Path> entries(Path directory, Predicate<String> names) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(
                    directory, entry -> names.test(entry.getFileName().toString()))) {
                stream.forEach(entries::add);
            }
        }
        return entries;
    }
}
