package io.millrace.worker.artifact;

import java.net.URI;
import java.util.Optional;

/**
 * How an S3-compatible store is reached.
 *
 * @param endpoint its URL; empty for Amazon's own of the region
 * @param region empty for what the standard chain finds (variables, profile, instance), and {@code us-east-1} where there is an endpoint
 * @param pathStyle whether the bucket stands in the path and not in the host name, as most stores beside Amazon's want it
 * @param keys empty for what the standard chain finds
 */
public record S3Access(Optional<URI> endpoint, Optional<String> region, boolean pathStyle, Optional<Keys> keys) {
    /** Amazon's own, with what the standard chain finds. */
    public static final S3Access STANDARD = new S3Access(Optional.empty(), Optional.empty(), false, Optional.empty());

    /** A pair of keys; its text form shows neither. */
    public record Keys(String access, String secret) {
        @Override
        public String toString() {
            return "Keys[****]";
        }
    }
}
