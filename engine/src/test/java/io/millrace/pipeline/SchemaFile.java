package io.millrace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;

/** The JSON Schema that editors are given, and what it says of a file. */
final class SchemaFile {
    static final String NAME = "pipeline.schema.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode TREE = read();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TREE);

    private SchemaFile() {}

    static JsonNode tree() {
        return TREE;
    }

    /** What is wrong with a YAML file, as an editor would say it. */
    static List<String> faults(String yaml) {
        Object value = new Load(PipelineParser.SETTINGS).loadFromString(yaml);
        return SCHEMA.validate(JSON.valueToTree(value)).stream()
                .map(Object::toString)
                .toList();
    }

    /** A JSON document is YAML as well. */
    static String yaml(JsonNode document) {
        return document.toString();
    }

    private static JsonNode read() {
        try (InputStream file = Objects.requireNonNull(Pipeline.class.getResourceAsStream(NAME))) {
            return JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
