package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where contents are kept, each under its digest, as long as they are used.
 *
 * <p><b>Threading:</b> any number of threads, and workers.
 */
interface ArtifactStore extends AutoCloseable {
    /**
     * Stores the content of a file, as a whole or, whenever this process is killed, not at all; storing it is a use of it, also where it was stored
     * before.
     */
    Transfer.Moved put(Path file, Transfer transfer) throws IOException;

    /** The content with this digest, from its beginning; empty when it is not here. Opening it is a use of it. */
    Optional<InputStream> open(Digest digest) throws IOException;

    /**
     * Deletes what was not used since then, and what killed workers left unfinished; safe when others do so at the same time.
     *
     * @param every how often this is to be done by all workers together; sooner nothing is done
     * @return how many contents were deleted
     */
    int sweep(Instant unusedSince, Duration every) throws IOException;

    /** The store as it is written in the settings. */
    String describe();

    @Override
    void close();
}
