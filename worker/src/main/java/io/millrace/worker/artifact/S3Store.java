package io.millrace.worker.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A bucket, or a part of one: contents are {@code objects/<digest>}, and a later use than the upload is told by the time of the empty object
 * {@code uses/<digest>}, since S3 knows no other way to say that an object is used. What is being uploaded is not visible before it is complete.
 */
final class S3Store implements ArtifactStore {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;

    private final S3Client s3;
    private final StoreLocation.Bucket location;
    private final Duration noteAfter;
    private final Clock clock;

    S3Store(S3Client s3, StoreLocation.Bucket location, Duration retention, Clock clock) {
        this.s3 = s3;
        this.location = location;
        // A use is noted once in a while, so that a content that many tasks read costs no request each.
        this.noteAfter = retention.dividedBy(4);
        this.clock = clock;
    }

    static S3Store open(StoreLocation.Bucket location, ArtifactSettings settings, Clock clock) {
        S3Access access = settings.s3();
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_LIMIT)
                        .socketTimeout(READ_LIMIT))
                .forcePathStyle(access.pathStyle())
                // Stores beside Amazon's do not know the newer checksums; ours is the SHA-256 that the content is named
                // by.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        access.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).region(Region.US_EAST_1));
        access.region().ifPresent(region -> builder.region(Region.of(region)));
        access.keys()
                .ifPresent(keys -> builder.credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(keys.access(), keys.secret()))));
        try {
            return new S3Store(builder.build(), location, settings.retention(), clock);
        } catch (SdkException e) {
            throw new IllegalStateException(
                    "The store s3://" + location.bucket() + " cannot be opened: " + e.getMessage()
                            + " Set millrace.worker.artifacts.s3.region.",
                    e);
        }
    }

    @Override
    public Transfer.Moved put(Path file, Transfer transfer) throws IOException {
        Transfer.Moved content;
        try (InputStream in = Files.newInputStream(file)) {
            content = transfer.move(in, OutputStream.nullOutputStream());
        }
        try {
            String key = key(content.digest());
            // The use is noted before the content is looked at: a sweeper that comes in between sees it.
            if (!S3Upload.isComplete(s3, location.bucket(), key, content.size()) || !noteUse(content.digest())) {
                new S3Upload(s3, location.bucket(), key, transfer).upload(file, content.size());
            }
            return content;
        } catch (SdkException e) {
            throw new IOException(sentence(e), e);
        }
    }

    @Override
    public Optional<InputStream> open(Digest digest) throws IOException {
        try {
            noteUse(digest);
            return Optional.of(
                    s3.getObject(request -> request.bucket(location.bucket()).key(key(digest))));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new IOException(sentence(e), e);
        }
    }

    @Override
    public int sweep(Instant unusedSince, Duration every) throws IOException {
        try {
            return new S3Sweep(s3, location, clock).sweep(unusedSince, every);
        } catch (SdkException e) {
            throw new IOException(sentence(e), e);
        }
    }

    @Override
    public String describe() {
        return "s3://" + location.bucket() + "/" + location.prefix();
    }

    @Override
    public void close() {
        s3.close();
    }

    /** Notes a use where none was noted lately; false when the content is not there (any more). */
    private boolean noteUse(Digest digest) {
        Instant enough = clock.instant().minus(noteAfter);
        Optional<Instant> stored = changed(key(digest));
        if (stored.isEmpty()) {
            return false;
        }
        String marker = location.prefix() + S3Sweep.USES + digest.hex();
        if (stored.get().isBefore(enough)
                && changed(marker).filter(enough::isBefore).isEmpty()) {
            s3.putObject(request -> request.bucket(location.bucket()).key(marker), RequestBody.empty());
            // A sweeper may have been quicker than the note.
            return changed(key(digest)).isPresent();
        }
        return true;
    }

    private Optional<Instant> changed(String key) {
        return S3Sweep.changed(s3, location.bucket(), key);
    }

    private String key(Digest digest) {
        return location.prefix() + S3Sweep.OBJECTS + digest.hex();
    }

    private static String sentence(SdkException e) {
        if (e instanceof S3Exception s3 && s3.statusCode() == NOT_FOUND) {
            return "there is no such bucket";
        }
        if (e instanceof S3Exception s3) {
            // A HEAD request has no body that could name an error.
            String code =
                    s3.awsErrorDetails() == null ? null : s3.awsErrorDetails().errorCode();
            return (code == null ? "the server refused" : code) + " (" + s3.statusCode() + ")";
        }
        return String.valueOf(e.getMessage());
    }
}
