package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as the routes see it: its parts, each checked when it is asked for. */
final class Call {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_SUBJECT = 1_000;

    private final RoutingContext context;

    Call(RoutingContext context) {
        this.context = context;
    }

    String subject() {
        String subject = context.pathParam("subject");
        if (subject.isBlank()
                || subject.length() > LONGEST_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw RegistryProblem.invalidSubject(subject);
        }
        return subject;
    }

    VersionNumber version() {
        return VersionNumber.parse(context.pathParam("version"));
    }

    int id() {
        String id = context.pathParam("id");
        try {
            return Integer.parseInt(id);
        } catch (NumberFormatException e) {
            throw RegistryProblem.http(404, "HTTP 404 Not Found: '" + id + "' is no schema id");
        }
    }

    /** True for {@code true} only; every other value, and none, is false. */
    boolean flag(String name) {
        return "true".equalsIgnoreCase(context.queryParams().get(name));
    }

    String parameter(String name, String otherwise) {
        return Optional.ofNullable(context.queryParams().get(name)).orElse(otherwise);
    }

    /** The schema in the body of a registration, a lookup or a compatibility check. */
    AvroText schema() {
        JsonNode body = body();
        String type = text(body, "schemaType").orElse("AVRO");
        if (!type.equals("AVRO")) {
            throw RegistryProblem.invalidSchema("this registry holds AVRO, not " + type);
        }
        if (body.path("references").size() > 0) {
            throw RegistryProblem.invalidSchema(
                    "this registry does not resolve references; put the types into one schema");
        }
        if (body.path("id").asInt(-1) > 0 || body.path("version").asInt(-1) > 0) {
            throw RegistryProblem.notPermitted("Ids and versions are given by this registry; it has no import mode");
        }
        return AvroText.parse(text(body, "schema")
                .filter(source -> !source.isBlank())
                .orElseThrow(() -> RegistryProblem.invalidSchema("the body has no text 'schema'")));
    }

    CompatibilityLevel level() {
        String name = text(body(), "compatibility").orElse("null");
        return CompatibilityLevel.named(name).orElseThrow(() -> RegistryProblem.invalidCompatibility(name));
    }

    private JsonNode body() {
        @Nullable Buffer body = context.body().buffer();
        try {
            JsonNode json = JSON.readTree(body == null ? new byte[0] : body.getBytes());
            if (json.isObject()) {
                return json;
            }
            throw RegistryProblem.http(400, "The body is not a JSON object");
        } catch (JsonProcessingException e) {
            throw RegistryProblem.http(400, "The body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw RegistryProblem.http(400, "The body cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> text(JsonNode body, String member) {
        JsonNode value = body.path(member);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }
}
