package io.millrace.worker.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What stands for a file in inputs and outputs: {@code {"artifact":"sha256:…","name":"model.bin","size":123}}.
 *
 * @param digest of its content
 * @param name what the file was called, without directories; for people, and for the file that a task is given
 * @param size in bytes
 */
public record ArtifactReference(Digest digest, String name, long size) {
    private static final int LONGEST_NAME = 200;
    /** What file systems take. */
    private static final int LONGEST_NAME_BYTES = 255;

    /** Keeps a name that can be one of a file, and replaces every other by the beginning of the digest. */
    public ArtifactReference {
        boolean usable = !name.isBlank()
                && name.length() <= LONGEST_NAME
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        name = usable ? name : digest.hex().substring(0, 12);
    }

    /** The reference that an object is: of exactly these three members. Every other value is none. */
    public static Optional<ArtifactReference> in(JsonNode node) {
        if (!node.isObject()
                || node.size() != 3
                || !node.path("artifact").isTextual()
                || !node.path("name").isTextual()
                || !node.path("size").canConvertToExactIntegral()) {
            return Optional.empty();
        }
        long size = node.path("size").asLong();
        return size < 0
                ? Optional.empty()
                : Digest.parse(node.path("artifact").asText())
                        .map(digest ->
                                new ArtifactReference(digest, node.path("name").asText(), size));
    }

    /** The same reference under another name. */
    public ArtifactReference named(String other) {
        return new ArtifactReference(digest, other, size);
    }

    /** The object that stands for it. */
    public Map<String, Object> toMap() {
        return Map.of("artifact", digest.toString(), "name", name, "size", size);
    }

    /** The object that stands for it. */
    public ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("artifact", digest.toString())
                .put("name", name)
                .put("size", size);
    }

    /** A form for people: name, digest and size. */
    @Override
    public String toString() {
        return "'" + name + "' (" + digest + ", " + size + " bytes)";
    }
}
