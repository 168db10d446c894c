package io.millrace.worker.execute;

import java.util.Optional;

/**
 * How far an execution is; what is empty is as it was.
 *
 * @param share the share that is done, from 0 to 1
 * @param checkpoint from where a later delivery can go on: a JSON object of at most 64 KiB
 */
public record Progress(Optional<Double> share, Optional<String> checkpoint) {
    /** Nothing new. */
    public static final Progress NONE = new Progress(Optional.empty(), Optional.empty());

    /** What is known after this and then that was said. */
    public Progress then(Progress later) {
        return new Progress(later.share.or(() -> share), later.checkpoint.or(() -> checkpoint));
    }
}
