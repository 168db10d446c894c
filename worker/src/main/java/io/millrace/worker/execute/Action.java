package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the action of a delivery: a JSON object whose members depend on the kind of the task. */
final class Action {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String kind;
    private final JsonNode members;

    private Action(String kind, JsonNode members) {
        this.kind = kind;
        this.members = members;
    }

    static Action of(Delivery delivery) throws UnexecutableException {
        JsonNode members;
        try {
            members = JSON.readTree(delivery.action());
        } catch (JsonProcessingException e) {
            throw new UnexecutableException("The task's action is not JSON.");
        }
        if (members == null || !members.isObject()) {
            throw new UnexecutableException("The task's action is not a JSON object.");
        }
        return new Action(delivery.kind(), members);
    }

    Optional<String> text(String member) throws UnexecutableException {
        JsonNode value = members.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new UnexecutableException("'" + member + "' of the " + kind + " task is not a text.");
        }
        return Optional.of(value.asText());
    }

    String required(String member) throws UnexecutableException {
        return text(member)
                .orElseThrow(() -> new UnexecutableException("The " + kind + " task names no '" + member + "'."));
    }

    List<String> texts(String member) throws UnexecutableException {
        JsonNode value = members.get(member);
        List<String> texts = new ArrayList<>();
        if (value != null && !value.isNull()) {
            if (!value.isArray()) {
                throw new UnexecutableException("'" + member + "' of the " + kind + " task is not a list.");
            }
            value.forEach(element -> texts.add(element.asText()));
        }
        return texts;
    }
}
