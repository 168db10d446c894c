package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Limits;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.Inputs;
import io.millrace.pipeline.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request for a run may say. */
final class StartRequest {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,253}[\\x21-\\x7e])?");
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
    private static final int MAX_SOURCE = 200;

    private StartRequest() {}

    /** The key that makes a repeat the same run. */
    static Optional<String> idempotencyKey(Call call) {
        List<String> keys = call.headers().getOrDefault("idempotency-key", List.of());
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        if (keys.size() > 1 || !KEY.matcher(keys.get(0)).matches()) {
            throw new ProblemException(
                    ProblemKind.INVALID_IDEMPOTENCY_KEY,
                    "the header Idempotency-Key must be given once, with 1 to 255 printable ASCII characters");
        }
        return Optional.of(keys.get(0));
    }

    /** The inputs as given, once they are known to be what the pipeline declares. */
    static Document inputs(ObjectNode body, Pipeline pipeline) {
        JsonNode given = body.path("inputs");
        if (given.isMissingNode() || given.isNull()) {
            given = JsonText.object();
        }
        if (!given.isObject()) {
            throw new ProblemException(ProblemKind.MALFORMED_JSON, "\"inputs\" must be an object");
        }
        String json = given.toString();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.STANDARD.runInputBytes()) {
            throw new ProblemException(
                    ProblemKind.TOO_LARGE,
                    "the inputs have " + bytes + " bytes as JSON; at most " + Limits.STANDARD.runInputBytes()
                            + " are allowed");
        }
        try {
            return acceptable(Document.parse(json), pipeline);
        } catch (InvalidDocumentException e) {
            throw invalid(List.of(String.valueOf(e.getMessage())));
        }
    }

    /** The inputs, once they are known to be what the pipeline declares. */
    static Document acceptable(Document document, Pipeline pipeline) {
        Inputs.Resolved resolved = Inputs.resolve(pipeline, document);
        if (!resolved.problems().isEmpty()) {
            throw invalid(resolved.problems());
        }
        return document;
    }

    private static ProblemException invalid(List<String> sentences) {
        ArrayNode problems = JsonText.object().arrayNode();
        sentences.forEach(sentence -> problems.addObject().put("message", sentence));
        return new ProblemException(
                ProblemKind.INVALID_INPUTS,
                String.join("; ", sentences),
                Map.<String, JsonNode>of("problems", problems),
                Map.of());
    }

    /** Who asks, for the audit: what the client calls itself. */
    static String source(Call call) {
        String agent = call.headers().getOrDefault("user-agent", List.of("")).get(0);
        String printable = NOT_PRINTABLE.matcher(agent).replaceAll("?");
        return printable.substring(0, Math.min(printable.length(), MAX_SOURCE));
    }
}
