package io.millrace.worker.artifact;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes from an {@link S3Store} what was not used for long. Whether a content was used is asked right before it is deleted: a use that is noted within
 * those milliseconds comes too late, is told by the missing content, and has it uploaded again where the file is at hand.
 */
final class S3Sweep {
    static final String OBJECTS = "objects/";
    static final String USES = "uses/";

    private static final String MARKER = "last-sweep";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final S3Client s3;
    private final StoreLocation.Bucket location;
    private final Clock clock;

    S3Sweep(S3Client s3, StoreLocation.Bucket location, Clock clock) {
        this.s3 = s3;
        this.location = location;
        this.clock = clock;
    }

    int sweep(Instant unusedSince, Duration every) {
        String marker = location.prefix() + MARKER;
        Instant due = clock.instant().minus(every);
        if (changed(s3, location.bucket(), marker).filter(due::isBefore).isPresent()) {
            return 0;
        }
        s3.putObject(request -> request.bucket(location.bucket()).key(marker), RequestBody.empty());
        abortAbandoned();
        return deleteUnused(unusedSince);
    }

    /** When an object was written; empty when it is not there. */
    static Optional<Instant> changed(S3Client s3, String bucket, String key) {
        try {
            return Optional.of(
                    s3.headObject(request -> request.bucket(bucket).key(key)).lastModified());
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        }
    }

    private int deleteUnused(Instant unusedSince) {
        int deleted = 0;
        String prefix = location.prefix() + OBJECTS;
        for (S3Object object : s3.listObjectsV2Paginator(
                        request -> request.bucket(location.bucket()).prefix(prefix))
                .contents()) {
            String use = location.prefix() + USES + object.key().substring(prefix.length());
            if (object.lastModified().isBefore(unusedSince) && isUnused(object.key(), use, unusedSince)) {
                s3.deleteObject(request -> request.bucket(location.bucket()).key(object.key()));
                s3.deleteObject(request -> request.bucket(location.bucket()).key(use));
                deleted++;
            }
        }
        return deleted;
    }

    /** Both are asked again, since the list may be old by now. */
    private boolean isUnused(String key, String use, Instant unusedSince) {
        return changed(s3, location.bucket(), use).filter(unusedSince::isBefore).isEmpty()
                && changed(s3, location.bucket(), key)
                        .filter(written -> written.isBefore(unusedSince))
                        .isPresent();
    }

    private void abortAbandoned() {
        Instant abandoned = clock.instant().minus(ABANDONED);
        for (MultipartUpload upload : s3.listMultipartUploadsPaginator(
                        request -> request.bucket(location.bucket()).prefix(location.prefix() + OBJECTS))
                .uploads()) {
            if (upload.initiated().isBefore(abandoned)) {
                s3.abortMultipartUpload(request ->
                        request.bucket(location.bucket()).key(upload.key()).uploadId(upload.uploadId()));
            }
        }
    }
}
