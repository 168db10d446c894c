package io.millrace.testkit.file;

import java.util.Optional;

/** Where the files of pipelines are read from that files of tests name. */
@FunctionalInterface
public interface Pipelines {
    /**
     * A file.
     *
     * @param name its name, as problems are to show it
     * @param bytes its bytes, or the first of them where it is too large
     */
    @SuppressWarnings("ArrayRecordComponent") // Two sources are never compared.
    record Source(String name, byte[] bytes) {}

    /** The file that is called so, seen from the file of tests; empty when it cannot be read. */
    Optional<Source> read(String name);
}
