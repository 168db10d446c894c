package io.millrace.worker.artifact;

import io.millrace.schemas.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a worker keeps artifacts, how large they may be, and for how long.
 *
 * @param location {@code file:<absolute directory>} or {@code s3://<bucket>/<prefix>}; empty for a worker without a store, which executes what needs none
 * @param limitBytes the largest artifact, from 1
 * @param retention how long a content is kept after its last use; all workers of a store need the same
 * @param s3 how S3 is reached
 */
public record ArtifactSettings(Optional<StoreLocation> location, long limitBytes, Duration retention, S3Access s3) {
    private static final long STANDARD_LIMIT = 10L << 30;
    private static final Duration STANDARD_RETENTION = Duration.ofDays(30);

    /** No store. */
    public static final ArtifactSettings NONE =
            new ArtifactSettings(Optional.empty(), STANDARD_LIMIT, STANDARD_RETENTION, S3Access.STANDARD);

    /** Checks the numbers. */
    public ArtifactSettings {
        if (limitBytes < 1 || retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("the limit and the retention of artifacts must be positive");
        }
    }

    /** A directory, with a limit of 10 GiB and a retention of 30 days. */
    public static ArtifactSettings in(Path directory) {
        return NONE.withLocation(
                StoreLocation.of("file:" + directory.toAbsolutePath().normalize()));
    }

    /** The same with another store. */
    public ArtifactSettings withLocation(StoreLocation value) {
        return new ArtifactSettings(Optional.of(value), limitBytes, retention, s3);
    }

    /** The same with another limit. */
    public ArtifactSettings withLimitBytes(long value) {
        return new ArtifactSettings(location, value, retention, s3);
    }

    /** The same with another retention. */
    public ArtifactSettings withRetention(Duration value) {
        return new ArtifactSettings(location, limitBytes, value, s3);
    }

    /** The same with another way to S3. */
    public ArtifactSettings withS3(S3Access value) {
        return new ArtifactSettings(location, limitBytes, retention, value);
    }

    /**
     * Reads {@code worker.artifacts.store}, {@code worker.artifacts.limit}, {@code artifacts.retention} and {@code worker.artifacts.s3.endpoint},
     * {@code .region}, {@code .path.style}, {@code .access.key} and {@code .secret.key}; mistakes are noted in the settings.
     */
    public static ArtifactSettings read(Settings settings) {
        Optional<StoreLocation> location = settings.value(
                        "worker.artifacts.store", StoreLocation.of("file:/"), StoreLocation::of)
                .optional();
        long limit = settings.value("worker.artifacts.limit", STANDARD_LIMIT, ByteSize::parse)
                .or(STANDARD_LIMIT);
        Duration retention = settings.duration("artifacts.retention", Duration.ofMinutes(1), Duration.ofDays(3_650))
                .or(STANDARD_RETENTION);
        Optional<URI> endpoint =
                settings.uri("worker.artifacts.s3.endpoint", "http", "https").optional();
        Optional<String> region = settings.string("worker.artifacts.s3.region").optional();
        boolean pathStyle = settings.bool("worker.artifacts.s3.path.style").or(endpoint.isPresent());
        Optional<String> accessKey =
                settings.string("worker.artifacts.s3.access.key").optional();
        Optional<String> secretKey =
                settings.string("worker.artifacts.s3.secret.key").optional();
        if (accessKey.isPresent() != secretKey.isPresent()) {
            settings.mistake(
                    accessKey.isPresent() ? "worker.artifacts.s3.secret.key" : "worker.artifacts.s3.access.key",
                    "it must be set, since the other key is");
        }
        Optional<S3Access.Keys> keys =
                accessKey.flatMap(access -> secretKey.map(secret -> new S3Access.Keys(access, secret)));
        return new ArtifactSettings(location, limit, retention, new S3Access(endpoint, region, pathStyle, keys));
    }
}
