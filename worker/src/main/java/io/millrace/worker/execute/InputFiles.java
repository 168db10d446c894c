package io.millrace.worker.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.worker.artifact.ArtifactReference;
import io.millrace.worker.artifact.Artifacts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The artifacts that a task is given: fetched into {@code inputs} in its working directory, each once, with their paths in the places of the references.
 *
 * <p><b>Threading:</b> confined to the thread that executes the delivery.
 */
final class InputFiles {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String MARK = "\"artifact\"";

    private final Artifacts artifacts;
    private final Workspace workspace;
    private final StopSignal stop;
    private final Map<ArtifactReference, Path> fetched = new HashMap<>();

    InputFiles(Artifacts artifacts, Workspace workspace, StopSignal stop) {
        this.artifacts = artifacts;
        this.workspace = workspace;
        this.stop = stop;
    }

    /** The delivery with paths in place of the references in its inputs, at any depth, and of variables that are one. */
    Delivery fetched(Delivery delivery) throws IOException, UnexecutableException {
        Map<String, String> env = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : delivery.env().entrySet()) {
            env.put(variable.getKey(), variable(variable.getValue()));
        }
        return delivery.with(inputs(delivery.inputs()), env);
    }

    private String inputs(String json) throws IOException, UnexecutableException {
        if (!json.contains(MARK)) {
            return json;
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UnexecutableException("The task's inputs are not JSON.");
        }
        JsonNode laid = laid(tree);
        return fetched.isEmpty() ? json : JSON.writeValueAsString(laid);
    }

    private String variable(String value) throws IOException, UnexecutableException {
        if (!value.startsWith("{") || !value.contains(MARK)) {
            return value;
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(value);
        } catch (JsonProcessingException plainText) {
            return value;
        }
        JsonNode laid = laid(tree);
        return laid.isTextual() ? laid.asText() : value;
    }

    private JsonNode laid(JsonNode node) throws IOException, UnexecutableException {
        var reference = ArtifactReference.in(node);
        if (reference.isPresent()) {
            return TextNode.valueOf(file(reference.get()).toString());
        }
        if (node.isObject()) {
            ObjectNode object = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                object.set(member.getKey(), laid(member.getValue()));
            }
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            for (JsonNode element : node) {
                array.add(laid(element));
            }
            return array;
        }
        return node;
    }

    private Path file(ArtifactReference reference) throws IOException, UnexecutableException {
        Path known = fetched.get(reference);
        if (known != null) {
            return known;
        }
        Path target = target(reference);
        artifacts.fetch(reference, target, () -> stop.requested().isPresent());
        fetched.put(reference, target);
        return target;
    }

    private Path target(ArtifactReference reference) throws IOException, UnexecutableException {
        try {
            return target(reference.name());
        } catch (InvalidPathException otherLetters) {
            // The name came from a worker whose file names may have letters that this one's locale does not know.
            return target(reference.digest().hex().substring(0, 12));
        }
    }

    /** {@code inputs/<name>}, or {@code inputs/2/<name>} and so on where that is taken. */
    private Path target(String name) throws IOException, UnexecutableException {
        Path inputs = workspace.work().resolve("inputs");
        try {
            Path target = Files.createDirectories(inputs).resolve(name);
            for (int number = 2; Files.exists(target); number++) {
                target = inputs.resolve(Integer.toString(number)).resolve(name);
                Files.createDirectories(target.getParent());
            }
            return target;
        } catch (FileAlreadyExistsException conflict) {
            throw new UnexecutableException("The artifact '" + name
                    + "' cannot be laid out: a file is in the place of its directory 'inputs'.");
        }
    }
}
