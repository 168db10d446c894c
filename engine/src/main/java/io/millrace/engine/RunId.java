package io.millrace.engine;

import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * The identity of a run, derived from the identity of its trigger: the same trigger always gives the same id, and with
 * it the same run (G1).
 *
 * @param value 26 characters of Crockford's base 32 in lower case: the first 130 bits of a SHA-256
 */
public record RunId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-hjkmnp-tv-z]{26}");
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 26;

    /** Checks the form. @throws IllegalArgumentException when it is not an id that this class derives */
    public RunId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Not a run id: '" + value + "'");
        }
    }

    /** Says whether a text has the form of a run id. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** The run of a pipeline that a sender identified by a key of its own choice. */
    public static RunId ofKey(PipelineId pipeline, String idempotencyKey) {
        return digest("key", pipeline.value(), idempotencyKey);
    }

    /** The run of a pipeline that one Kafka record asks for. */
    public static RunId ofRecord(PipelineId pipeline, String topic, int partition, long offset) {
        return digest("record", pipeline.value(), topic, Integer.toString(partition), Long.toString(offset));
    }

    /** The run that a task of another run starts with one of its attempts. */
    public static RunId ofTask(RunId parent, TaskId task, int attempt) {
        return digest("task", parent.value(), task.value(), Integer.toString(attempt));
    }

    /** Parts are preceded by their length, so that no two lists of parts give the same bytes. */
    private static RunId digest(String... parts) {
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            sha.update(bytes);
        }
        return new RunId(base32(sha.digest()));
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder(LENGTH);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; text.length() < LENGTH; i++) {
            buffer = (buffer << 8 | bytes[i] & 0xff) & 0xfff;
            bits += 8;
            while (bits >= 5 && text.length() < LENGTH) {
                bits -= 5;
                text.append(ALPHABET[buffer >>> bits & 31]);
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
