package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file by which a script says how far it is: {@code {"progress": 0.4, "checkpoint": {…}}}. It is read whenever it has changed. One that is no JSON may
 * be half written, so that is said only when it still is so at the next look.
 *
 * <p><b>Threading:</b> confined to the thread that executes the script.
 */
final class ProgressFile {
    private static final int MAX_BYTES = 4 * TaskProgress.MAX_BYTES;
    private static final Set<String> KEYS = Set.of("progress", "checkpoint");
    /** Numbers of a checkpoint come back as they were written. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private record Stamp(@Nullable Object inode, FileTime modified, long size) {}

    private final Path path;
    private final TaskProgress progress;
    private @Nullable Stamp seen;
    private @Nullable Stamp unreadable;

    ProgressFile(Path path, TaskProgress progress) {
        this.path = path;
        this.progress = progress;
    }

    /** Reads the file if it has changed since the last look; with {@code last} nothing more will be written to it. */
    void look(boolean last) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Stamp stamp = new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
            if (stamp.equals(seen)) {
                return;
            }
            if (!attributes.isRegularFile()) {
                seen = stamp;
                progress.complain("MILLRACE_PROGRESS is not a plain file any more: it is not read.");
                return;
            }
            Optional<String> fault = read();
            if (fault.isEmpty()) {
                seen = stamp;
            } else if (last || stamp.equals(unreadable)) {
                seen = stamp;
                progress.complain(fault.get());
            } else {
                unreadable = stamp;
            }
        } catch (NoSuchFileException nothingSaid) {
            seen = null;
        } catch (IOException e) {
            progress.complain("MILLRACE_PROGRESS cannot be read: " + e.getMessage());
        }
    }

    /** Why the content is none that may be taken; empty when it was taken. */
    private Optional<String> read() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            return Optional.of("MILLRACE_PROGRESS has more than " + MAX_BYTES + " bytes (256 KiB): it is not read.");
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return Optional.of("MILLRACE_PROGRESS is not JSON: " + JsonFault.reason(e) + JsonFault.place(e) + ".");
        }
        if (!tree.isObject()) {
            return Optional.of(
                    tree.isMissingNode()
                            ? "MILLRACE_PROGRESS is empty; expected an object with progress, checkpoint or both."
                            : "MILLRACE_PROGRESS has to be a JSON object with progress, checkpoint or both.");
        }
        take(tree);
        return Optional.empty();
    }

    private void take(JsonNode tree) throws JsonProcessingException {
        for (Iterator<String> keys = tree.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!KEYS.contains(key)) {
                progress.complain(
                        "MILLRACE_PROGRESS has the unknown key '" + key + "'; expected progress or checkpoint.");
            }
        }
        JsonNode share = tree.path("progress");
        JsonNode checkpoint = tree.path("checkpoint");
        if (isGiven(share) && !share.isNumber()) {
            progress.complain("The progress in MILLRACE_PROGRESS is not taken: it has to be a number from 0 to 1.");
        }
        if (isGiven(checkpoint) && !checkpoint.isObject()) {
            progress.complain("The checkpoint in MILLRACE_PROGRESS is not taken: it has to be a JSON object.");
        }
        progress.report(
                share.isNumber() ? Optional.of(share.asDouble()) : Optional.empty(),
                checkpoint.isObject() ? Optional.of(JSON.writeValueAsString(checkpoint)) : Optional.empty());
    }

    private static boolean isGiven(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
