package io.millrace.worker.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One look at a directory: every file of the pattern, in no order, each once. Links to files count as what they lead to; links to directories are followed where
 * the pattern names the place, and not by {@code **}, so that no circle is walked. What comes or goes meanwhile may be seen or not.
 *
 * <p><b>Threading:</b> one thread.
 */
final class Walk {
    private static final int LAST_ASCII = 127;

    private final String directory;
    private final PathPattern pattern;
    private final Consumer<SeenFile> found;
    private @Nullable String trouble;
    private int unnamed;
    private long files;

    private Walk(String directory, PathPattern pattern, Consumer<SeenFile> found) {
        this.directory = directory;
        this.pattern = pattern;
        this.found = found;
    }

    /**
     * How a look went.
     *
     * @param readable whether the directory itself could be read
     * @param files how many files of the pattern there were
     * @param trouble why it may not have shown all; of several reasons the first
     */
    record Outcome(boolean readable, long files, Optional<String> trouble) {}

    /** Looks. @param found is told of each file */
    static Outcome of(String directory, PathPattern pattern, Consumer<SeenFile> found) {
        Walk walk = new Walk(directory, pattern, found);
        Path root = Path.of(directory);
        try (DirectoryStream<Path> readable = Files.newDirectoryStream(root)) {
            walk.visit(root, directory.equals("/") ? "" : directory, 0);
        } catch (IOException e) {
            walk.troubled(directory, e);
            return new Outcome(false, 0, Optional.ofNullable(walk.trouble));
        }
        if (walk.unnamed > 0 && walk.trouble == null) {
            walk.trouble = "files whose names are no text in the encoding of this worker ("
                    + System.getProperty("sun.jnu.encoding", "unknown") + ") start nothing: " + walk.unnamed;
        }
        return new Outcome(true, walk.files, Optional.ofNullable(walk.trouble));
    }

    /** @param path of the directory, as text @param place of the name in the pattern that is looked for in it */
    private void visit(Path in, String path, int place) {
        PathPattern.Name name = pattern.names().get(place);
        if (name.isLiteral()) {
            entry(in.resolve(name.text()), path, name.text(), place);
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(in)) {
            for (Path each : entries) {
                String text = each.getFileName().toString();
                if (name.isAnyDirectories()) {
                    if (!text.startsWith(".") && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                        visit(each, path + "/" + text, place);
                    }
                    entry(each, path, text, place + 1);
                } else {
                    entry(each, path, text, place);
                }
            }
        } catch (DirectoryIteratorException e) {
            troubled(path, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            troubled(path, e);
        }
    }

    private void entry(Path each, String parent, String text, int place) {
        if (pattern.isLast(place)) {
            if (pattern.wantsFile(text)) {
                file(each, parent + "/" + text);
            }
        } else if (pattern.names().get(place).matches(text) && Files.isDirectory(each)) {
            visit(each, parent + "/" + text, place + 1);
        }
    }

    private void file(Path file, String path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return;
            }
            if (!isText(file, path)) {
                unnamed++;
                return;
            }
            files++;
            found.accept(new SeenFile(
                    path,
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.MILLIS)));
        } catch (NoSuchFileException gone) {
            // It was there a moment ago, or is a link to nowhere.
        } catch (IOException e) {
            troubled(path, e);
        }
    }

    /** Whether the text is the file's path, and no replacement for bytes that are none. */
    private static boolean isText(Path file, String path) {
        if (path.chars().allMatch(each -> each <= LAST_ASCII)) {
            return true;
        }
        try {
            return file.equals(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void troubled(String path, IOException e) {
        boolean below = path.length() > directory.length();
        if (trouble != null || (below && e instanceof NoSuchFileException)) {
            return;
        }
        String shown = path.isEmpty() ? "/" : path;
        if (e instanceof NoSuchFileException) {
            trouble = "there is no directory " + shown;
        } else if (e instanceof NotDirectoryException) {
            trouble = shown + " is no directory";
        } else if (e instanceof AccessDeniedException) {
            trouble = shown + " may not be read by this worker";
        } else {
            trouble = shown + " cannot be read: " + e.getMessage();
        }
    }
}
