package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.worker.artifact.ArtifactReference;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.execute.OutputDocument.InvalidOutputException;
import io.millrace.worker.secret.Mask;
import io.millrace.worker.secret.MaskedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that a task gives out: stored as artifacts, with references in the places of their paths. The rest of the output is masked before the
 * references come to it: no secret is in a digest, whatever letters it shows by chance.
 *
 * <p><b>Threading:</b> confined to the thread that executes the delivery.
 */
final class OutputFiles {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final Artifacts artifacts;
    private final Workspace workspace;
    private final StopSignal stop;
    private final Mask mask;
    private final boolean anywhere;

    /**
     * @param anywhere whether files outside of the attempt's directories may be given out: the worker reads them, so only where the task could do so, too
     */
    OutputFiles(Artifacts artifacts, Workspace workspace, StopSignal stop, Mask mask, boolean anywhere) {
        this.artifacts = artifacts;
        this.workspace = workspace;
        this.stop = stop;
        this.mask = mask;
        this.anywhere = anywhere;
    }

    /**
     * The output with references, without secrets. A declared member that is missing or is neither a path nor a reference stays as it is: the engine
     * says what is wrong with it, as with any other.
     */
    String stored(String output, List<String> members) throws IOException, InvalidOutputException {
        ObjectNode tree = (ObjectNode) JSON.readTree(output);
        Map<String, ArtifactReference> references = new LinkedHashMap<>();
        for (String member : members) {
            JsonNode value = tree.path(member);
            if (value.isTextual()) {
                references.put(member, stored(member, value.asText()));
                tree.remove(member);
            } else {
                ArtifactReference.in(value).ifPresent(reference -> {
                    references.put(member, reference);
                    tree.remove(member);
                });
            }
        }
        JsonNode masked = JSON.readTree(MaskedJson.of(JSON.writeValueAsString(tree), mask));
        if (!(masked instanceof ObjectNode rest)) {
            throw new InvalidOutputException(
                    "The structure of the output spells a secret of the task, and cannot be given out.");
        }
        references.forEach((member, reference) ->
                rest.set(member, reference.named(mask.of(reference.name())).toJson()));
        return JSON.writeValueAsString(rest);
    }

    private ArtifactReference stored(String member, String path) throws IOException, InvalidOutputException {
        Path file;
        try {
            file = workspace.work().resolve(path);
        } catch (InvalidPathException e) {
            throw refused(member, "is no path");
        }
        if (path.isBlank() || !Files.exists(file)) {
            throw refused(member, "names the file '" + mask.of(path) + "', and there is none");
        }
        if (Files.isDirectory(file)) {
            throw refused(
                    member,
                    "names the directory '" + mask.of(path) + "'; pack it into one file first, for example with tar");
        }
        if (!Files.isRegularFile(file)) {
            throw refused(member, "names '" + mask.of(path) + "', which is no plain file");
        }
        Path real = file.toRealPath();
        if (!anywhere && !real.startsWith(workspace.directory().toRealPath())) {
            throw refused(member, "names '" + mask.of(path) + "', which is not in the task's own directory");
        }
        return artifacts.store(
                real, file.getFileName().toString(), () -> stop.requested().isPresent());
    }

    private static InvalidOutputException refused(String member, String why) {
        return new InvalidOutputException("The output '" + member + "' " + why + ".");
    }
}
