package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.schemas.secret.SecretException;
import io.millrace.worker.secret.AttemptSecrets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the pipeline tells a worker to do without code of its own: the action of an {@code http}, {@code sql}, {@code kafka} or {@code email} task, with its secrets
 * in the places that its member {@code secrets} names by JSON pointers.
 */
final class ConnectorDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String kind;
    private final ObjectNode members;
    private final Map<String, String> secrets;

    private ConnectorDocument(String kind, ObjectNode members, Map<String, String> secrets) {
        this.kind = kind;
        this.members = members;
        this.secrets = secrets;
    }

    static ConnectorDocument of(Delivery delivery, AttemptSecrets known)
            throws UnexecutableException, SecretException, InterruptedException {
        JsonNode tree;
        try {
            tree = JSON.readTree(delivery.action());
        } catch (JsonProcessingException e) {
            throw new UnexecutableException("The task's action is not JSON.");
        }
        if (!(tree instanceof ObjectNode members)) {
            throw new UnexecutableException("The task's action is not a JSON object.");
        }
        Map<String, String> secrets = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> secret : members.path("secrets").properties()) {
            secrets.put(secret.getKey(), secret.getValue().asText());
        }
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            put(members, secret.getKey(), known.resolve(secret.getValue()));
        }
        return new ConnectorDocument(delivery.kind(), members, secrets);
    }

    /** Whether there is a secret in this member. */
    boolean hasSecretIn(String member) {
        return secrets.keySet().stream()
                .anyMatch(pointer -> pointer.equals("/" + member) || pointer.startsWith("/" + member + "/"));
    }

    /** A member; a missing node when it is absent or null. */
    JsonNode member(String name) {
        JsonNode member = members.path(name);
        return member.isNull() ? MissingNode.getInstance() : member;
    }

    String required(String name) throws UnexecutableException {
        return text(name)
                .orElseThrow(() -> new UnexecutableException("The " + kind + " task names no '" + name + "'."));
    }

    Optional<String> text(String name) {
        return member(name).isMissingNode() ? Optional.empty() : Optional.of(plain(member(name)));
    }

    /** A whole number from 0, or this where there is none. */
    long number(String name, long standard) throws UnexecutableException {
        JsonNode member = member(name);
        if (member.isMissingNode()) {
            return standard;
        }
        if (!member.isIntegralNumber() || member.asLong() < 0) {
            throw new UnexecutableException("'" + name + "' of the " + kind + " task is no whole number from 0.");
        }
        return member.asLong();
    }

    /** A value as it stands in a text: a string as it is, a number without a needless {@code .0}, lists and objects as JSON. */
    static String plain(JsonNode value) {
        if (value.isFloatingPointNumber()
                && value.decimalValue().stripTrailingZeros().scale() <= 0) {
            return value.decimalValue().toBigInteger().toString();
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static void put(ObjectNode members, String pointer, String value) throws UnexecutableException {
        JsonPointer place;
        try {
            place = JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            throw new UnexecutableException("A secret of the task has no place.");
        }
        JsonNode parent = place.matches() ? MissingNode.getInstance() : members.at(place.head());
        if (parent instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), TextNode.valueOf(value));
        } else if (parent instanceof ArrayNode array && array.has(place.last().getMatchingIndex())) {
            array.set(place.last().getMatchingIndex(), TextNode.valueOf(value));
        } else {
            throw new UnexecutableException("A secret of the task has no place.");
        }
    }
}
