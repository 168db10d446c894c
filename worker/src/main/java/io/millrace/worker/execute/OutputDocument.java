package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a task gives out: a JSON object of at most 256 KiB. Everything else is refused with a sentence. */
final class OutputDocument {
    /** The most bytes that an output may have in UTF-8. */
    static final int MAX_BYTES = 256 * 1024;

    private static final String EMPTY = "{}";
    private static final String LIMIT = "over the limit of " + MAX_BYTES + " bytes (256 KiB)";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** An output that is not what it has to be; the message is one sentence for people. */
    static final class InvalidOutputException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String sentence;

        InvalidOutputException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    private OutputDocument() {}

    /**
     * Reads what a script has written; an absent file, and one with nothing but white space, is an empty object.
     *
     * @param quoting whether a complaint may quote what was written: of a task with secrets it could be half of one, which no mask would find
     */
    static String read(Path file, boolean quoting) throws IOException, InvalidOutputException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return EMPTY;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidOutputException("MILLRACE_OUTPUT is not a plain file any more.");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new InvalidOutputException("The output has " + Files.size(file) + " bytes, which is " + LIMIT
                    + "; pass large data by reference, or declare a large member as a `file`.");
        }
        String text = utf8(bytes);
        if (text.isBlank()) {
            return EMPTY;
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidOutputException(
                    "The output is not JSON" + (quoting ? ": " + JsonFault.reason(e) : "") + JsonFault.place(e) + ".");
        }
        if (!tree.isObject()) {
            throw new InvalidOutputException("The output has to be a JSON object, and is "
                    + tree.getNodeType().toString().toLowerCase(Locale.ROOT) + ".");
        }
        return text.strip();
    }

    /** Writes what a handler has returned. */
    static String of(@Nullable Map<String, ?> output) throws InvalidOutputException {
        if (output == null) {
            return EMPTY;
        }
        String text;
        try {
            text = JSON.writeValueAsString(output);
        } catch (JsonProcessingException e) {
            throw new InvalidOutputException("The handler's output cannot be written as JSON: "
                    + e.getOriginalMessage().replace('\n', ' '));
        }
        return bounded(text);
    }

    private static String bounded(String text) throws InvalidOutputException {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new InvalidOutputException("The output has " + bytes + " bytes, which is " + LIMIT
                    + "; pass large data by reference, or declare a large member as a `file`.");
        }
        return text;
    }

    /** Writes the members of an output. */
    static String of(JsonNode members) throws InvalidOutputException {
        return bounded(members.toString());
    }

    private static String utf8(byte[] bytes) throws InvalidOutputException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Editors and libraries of some systems put a byte order mark first.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidOutputException("The output is not UTF-8.");
        }
    }
}
