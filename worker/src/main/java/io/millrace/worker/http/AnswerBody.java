package io.millrace.worker.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the body of an answer is put, and how large it may be.
 *
 * @param file an existing file that takes the body of an answer whose status is wanted; empty to keep it in memory
 * @param maxBytes how large it may be
 * @param limit the name of the limit that this is
 */
public record AnswerBody(Optional<Path> file, long maxBytes, String limit) {
    /** The most that is kept of an answer in memory, whatever its own limit. */
    private static final long MEMORY_BYTES = 256 << 10;

    /** In memory. */
    public static AnswerBody inMemory(long maxBytes) {
        return new AnswerBody(Optional.empty(), maxBytes, "response.max");
    }

    /** In a file. */
    public static AnswerBody in(Path file, long maxBytes, String limit) {
        return new AnswerBody(Optional.of(file), maxBytes, limit);
    }

    long inMemoryBytes() {
        return Math.min(maxBytes, MEMORY_BYTES);
    }
}
