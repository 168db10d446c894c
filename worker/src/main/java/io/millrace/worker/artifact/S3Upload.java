package io.millrace.worker.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Uploads one file, in parts when it is large, streamed from the disk; the object is there when it is complete, and not before. */
final class S3Upload {
    /** S3 takes at most 10,000 parts of at least 5 MiB. */
    private static final long SMALLEST_PART = 16L << 20;

    private static final long MOST_PARTS = 9_000;
    private static final String TYPE = "application/octet-stream";

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final Transfer transfer;

    S3Upload(S3Client s3, String bucket, String key, Transfer transfer) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.transfer = transfer;
    }

    /** Whether the object is there, in this size. */
    static boolean isComplete(S3Client s3, String bucket, String key, long size) {
        try {
            HeadObjectResponse head =
                    s3.headObject(request -> request.bucket(bucket).key(key));
            return head.contentLength() == size;
        } catch (NoSuchKeyException missing) {
            return false;
        }
    }

    /** @param size of the file, whose digest is the object's key */
    void upload(Path file, long size) throws IOException {
        FileTime changed = Files.getLastModifiedTime(file);
        if (size <= SMALLEST_PART) {
            s3.putObject(request -> request.bucket(bucket).key(key), part(file, 0, size));
            if (isChanged(file, size, changed)) {
                s3.deleteObject(request -> request.bucket(bucket).key(key));
                throw changed(file);
            }
        } else {
            inParts(file, size, changed);
        }
    }

    private void inParts(Path file, long size, FileTime changed) throws IOException {
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        boolean complete = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long partSize = Math.max(SMALLEST_PART, size / MOST_PARTS + 1);
            for (long at = 0; at < size; at += partSize) {
                transfer.checkStopped();
                int number = parts.size() + 1;
                String tag = s3.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                part(file, at, Math.min(partSize, size - at)))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            if (isChanged(file, size, changed)) {
                throw changed(file);
            }
            s3.completeMultipartUpload(request ->
                    request.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
            complete = true;
        } finally {
            if (!complete) {
                abort(upload);
            }
        }
    }

    private void abort(String upload) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException alsoAway) {
            // What led here is the news; the sweeper aborts what is left unfinished.
            return;
        }
    }

    /** The client may open it more than once: to sign it, and to send it again. */
    private static RequestBody part(Path file, long at, long length) {
        return RequestBody.fromContentProvider(() -> FilePart.open(file, at, length), length, TYPE);
    }

    /** The digest was taken before the upload: what changed since then would be stored under a wrong one. */
    private static boolean isChanged(Path file, long size, FileTime changed) throws IOException {
        return Files.size(file) != size || !Files.getLastModifiedTime(file).equals(changed);
    }

    private static ArtifactException changed(Path file) {
        return ArtifactException.retryable("The file '" + file.getFileName() + "' changed while it was stored.");
    }
}
