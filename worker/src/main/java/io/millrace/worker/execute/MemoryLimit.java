package io.millrace.worker.execute;

import java.util.Optional;

/**
 * How much memory the processes of a delivery may take together.
 *
 * @param bytes the limit
 * @param source where it is set, for people
 * @param memory measures
 */
record MemoryLimit(long bytes, String source, ProcessMemory memory) {
    /** What is to be said when the limit is exceeded. */
    Optional<String> excess(String mark) {
        long used = memory.bytesOf(mark, bytes);
        return used <= bytes
                ? Optional.empty()
                : Optional.of("The script and all that it started took " + ByteSize.words(used)
                        + " of memory, over the limit of " + ByteSize.words(bytes) + " (" + source + ").");
    }
}
