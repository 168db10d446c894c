package io.millrace.worker.files;

import io.millrace.event.KnownFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * What has been announced, by whichever worker, and how more is.
 *
 * <p><b>Threading:</b> any number of threads.
 */
interface Announcements {
    /** How a file was when it was announced for a trigger, as far as that has been read; empty when it was not. */
    Optional<KnownFile> known(TriggerName trigger, String path);

    /**
     * Returns once all is known that was announced before the call.
     *
     * @throws TimeoutException when that takes longer than the limit
     */
    void awaitRead(Duration limit) throws InterruptedException, TimeoutException;

    /**
     * Announces files, and remembers them and others, in one transaction.
     *
     * @throws RuntimeException when Kafka or the registry does not answer: it may have been done then, and may be done again
     */
    void write(Watched watched, List<SeenFile> arrived, List<SeenFile> remembered);

    /** Forgets what no worker has seen since a moment, where this is asked for by trigger and path. */
    void forget(Predicate<TriggerName> of, Instant before);
}
