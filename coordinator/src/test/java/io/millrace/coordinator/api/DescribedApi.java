package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the OpenAPI file says, and whether an answer is as it says: described, with all its members and no others. */
final class DescribedApi {
    private static final DescribedApi INSTANCE = new DescribedApi();

    private final ObjectNode document;
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    private DescribedApi() {
        try (InputStream in = OpenApiRoutes.class.getResourceAsStream(OpenApiRoutes.RESOURCE)) {
            Object tree = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            document = new ObjectMapper().valueToTree(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (JsonNode schema : document.at("/components/schemas")) {
            // Readers must ignore members that they do not know; the tests must not.
            if (schema.has("properties") && !schema.has("additionalProperties")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        }
    }

    static DescribedApi get() {
        return INSTANCE;
    }

    /** Each as "GET /path/{id}". */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Fails when the answer is not one that is described; a path that there is not has only its problem. */
    void check(String method, String path, int status, String contentType, JsonNode body) {
        if (contentType.startsWith("application/problem+json")) {
            conforms(method + " " + path + " " + status, document.at("/components/schemas/Problem"), body);
            return;
        }
        Optional<JsonNode> operation = operation(method, path);
        assertThat(operation).as("%s %s is described", method, path).isPresent();
        JsonNode response = operation.get().path("responses").path(Integer.toString(status));
        assertThat(response.isMissingNode())
                .as("%s %s may answer %s", method, path, status)
                .isFalse();
        String type = contentType.split(";", 2)[0];
        JsonNode content = response.path("content").path(type);
        assertThat(content.isMissingNode())
                .as("%s %s may answer with %s", method, path, type)
                .isFalse();
        if (type.equals("application/json")) {
            conforms(method + " " + path + " " + status, content.path("schema"), body);
        }
    }

    private Optional<JsonNode> operation(String method, String path) {
        List<JsonNode> found = new ArrayList<>();
        document.path("paths").properties().forEach(described -> {
            String pattern = described.getKey().replaceAll("\\{[^}]+}", "[^/]+").replace(".", "[.]");
            JsonNode operation = described.getValue().path(method.toLowerCase(Locale.ROOT));
            if (path.matches(pattern.replace("[^/]+[.]", "[^/]+.")) && !operation.isMissingNode()) {
                found.add(operation);
            }
        });
        return found.stream().findFirst();
    }

    private void conforms(String what, JsonNode schema, JsonNode body) {
        JsonSchema compiled = schemas.computeIfAbsent(schema.toString(), text -> {
            ObjectNode whole = document.objectNode();
            whole.setAll((ObjectNode) schema);
            whole.set("components", document.path("components"));
            return factory.getSchema(whole);
        });
        Set<ValidationMessage> problems = compiled.validate(body);
        assertThat(problems).as("%s: %s", what, body).isEmpty();
    }
}
