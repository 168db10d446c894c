package io.millrace.worker.artifact;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a store is. */
public sealed interface StoreLocation {
    /** A directory that all workers reach. */
    record Directory(Path path) implements StoreLocation {}

    /** A part of a bucket; the prefix is empty or ends with a slash. */
    record Bucket(String bucket, String prefix) implements StoreLocation {}

    /**
     * Reads {@code file:<absolute directory>} or {@code s3://<bucket>/<prefix>}.
     *
     * @throws IllegalArgumentException which says what is allowed
     */
    static StoreLocation of(String text) {
        if (text.startsWith("file:")) {
            String path = text.substring("file:".length());
            try {
                Path directory = Path.of(path.startsWith("///") ? path.substring(2) : path);
                if (directory.isAbsolute()) {
                    return new Directory(directory.normalize());
                }
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(Forms.ALLOWED, e);
            }
        }
        Matcher bucket = Forms.BUCKET.matcher(text);
        if (!bucket.matches()) {
            throw new IllegalArgumentException(Forms.ALLOWED);
        }
        String prefix = bucket.group(2) == null ? "" : bucket.group(2);
        return new Bucket(bucket.group(1), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    /** How a location is written. */
    final class Forms {
        private static final String ALLOWED = "it must be file:<absolute directory> or s3://<bucket>/<prefix>";
        private static final Pattern BUCKET =
                Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()/-]{0,500}))?");

        private Forms() {}
    }
}
