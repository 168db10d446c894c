package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.worker.secret.MaskedJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What one execution says of how far it is, checked. What cannot be taken is said in the task's log, the same thing once in a row, and harms nothing.
 *
 * <p><b>Threading:</b> the thread that executes and a handler's threads speak at any time; each call is atomic.
 */
public final class TaskProgress {
    /** The most bytes that a checkpoint may have in UTF-8. */
    static final int MAX_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TaskOutput output;
    private final ProgressSink sink;
    private String lastComplaint = "";

    TaskProgress(TaskOutput output, ProgressSink sink) {
        this.output = output;
        this.sink = sink;
    }

    /** Says which share of the work is done. */
    public void share(double share) {
        report(Optional.of(share), Optional.empty());
    }

    /**
     * Says from where a later delivery can go on.
     *
     * @throws IllegalArgumentException when it cannot be written as JSON
     */
    public void checkpoint(Map<String, ?> document) {
        try {
            report(Optional.empty(), Optional.of(JSON.writeValueAsString(document)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "The checkpoint cannot be written as JSON: "
                            + e.getOriginalMessage().replace('\n', ' '),
                    e);
        }
    }

    /** Takes of both what is right; no secret of the execution is in it (G9). */
    synchronized void report(Optional<Double> share, Optional<String> checkpoint) {
        Progress taken = new Progress(
                share.filter(this::isShare), checkpoint.filter(this::fits).flatMap(this::masked));
        if (!taken.equals(Progress.NONE)) {
            sink.accept(taken);
        }
    }

    synchronized void complain(String sentence) {
        if (!sentence.equals(lastComplaint)) {
            lastComplaint = sentence;
            output.system(sentence);
        }
    }

    private Optional<String> masked(String checkpoint) {
        String masked = MaskedJson.of(checkpoint, output.secrets().mask());
        if (!masked.startsWith("{")) {
            complain("The structure of the checkpoint spells a secret of the task: it is not taken.");
            return Optional.empty();
        }
        return Optional.of(masked);
    }

    private boolean isShare(double share) {
        boolean holds = share >= 0 && share <= 1;
        if (!holds) {
            complain("The progress " + share + " is not taken: it has to be a number from 0 to 1.");
        }
        return holds;
    }

    private boolean fits(String checkpoint) {
        int bytes = checkpoint.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            complain("The checkpoint has " + bytes + " bytes, over the limit of " + MAX_BYTES
                    + " bytes (64 KiB): it is not taken, and the one before stays.");
        }
        return bytes <= MAX_BYTES;
    }
}
