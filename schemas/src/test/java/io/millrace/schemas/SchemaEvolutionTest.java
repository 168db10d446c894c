package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds every schema against the baseline in {@code src/test/resources/baseline}: the schemas as they were last released, or last
 * changed on purpose. Both directions must be compatible, because during a rolling update old and new instances read each other.
 */
class SchemaEvolutionTest {
    private static final String UPDATE = "millrace.baseline.update";
    private static final Path SOURCES = Path.of("src/main/avro");
    private static final Path BASELINE = Path.of("src/test/resources/baseline");
    private static final String HOW_TO_UPDATE =
            "If the change is meant, make it compatible (add fields with defaults, add symbols to"
                    + " enums with a default; never rename, drop or retype), and then accept it with:"
                    + " mvn -pl schemas test -Dtest=SchemaEvolutionTest -D" + UPDATE + "=true";

    private final Map<String, Schema> current = sources();

    @BeforeAll
    static void updateTheBaselineWhenAsked() throws IOException {
        if (!Boolean.getBoolean(UPDATE)) {
            return;
        }
        Files.createDirectories(BASELINE);
        for (var old : files(BASELINE)) {
            Files.delete(old);
        }
        for (var entry : sources().entrySet()) {
            Files.writeString(
                    BASELINE.resolve(entry.getKey() + ".avsc"),
                    SchemaFormatter.format("json/pretty", entry.getValue()) + "\n");
        }
    }

    @Test
    void theBaselineHoldsEverySchema() {
        var baseline = baseline();

        assertThat(baseline.keySet())
                .as("A schema was added or dropped. %s", HOW_TO_UPDATE)
                .isEqualTo(current.keySet());
        // Documentation is free to change: it takes no part in the equality of schemas.
        baseline.forEach((name, before) -> assertThat(current.get(name))
                .as("%s has changed. %s", name, HOW_TO_UPDATE)
                .isEqualTo(before));
    }

    @TestFactory
    Stream<DynamicTest> canReadWhatTheBaselineWrites() {
        return againstTheBaseline((schema, before) ->
                assertReadable(schema, before, "instances of this version cannot read older records"));
    }

    @TestFactory
    Stream<DynamicTest> canBeReadByTheBaseline() {
        return againstTheBaseline((schema, before) ->
                assertReadable(before, schema, "instances that are not updated yet cannot read new records"));
    }

    @TestFactory
    Stream<DynamicTest> everyFieldHasADefaultAndADocumentation() {
        return each(schema -> {
            assertThat(schema.getDoc()).as("doc of %s", schema.getFullName()).isNotBlank();
            if (schema.getType() == Schema.Type.RECORD) {
                for (var field : schema.getFields()) {
                    assertThat(field.hasDefaultValue())
                            .as("%s.%s has a default", schema.getFullName(), field.name())
                            .isTrue();
                    assertThat(field.doc())
                            .as("doc of %s.%s", schema.getFullName(), field.name())
                            .isNotBlank()
                            .endsWith(".");
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyEnumHasUnknownAsItsDefault() {
        return each(schema -> {
            if (schema.getType() == Schema.Type.ENUM) {
                assertThat(schema.getEnumDefault())
                        .as("default of %s", schema.getFullName())
                        .isEqualTo("UNKNOWN");
                assertThat(schema.getEnumSymbols()).startsWith("UNKNOWN");
            }
        });
    }

    @Test
    void theRulesFindWhatBreaksCompatibility() {
        var before = SchemaParser.parseSingle(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":0}]}");
        var retyped = SchemaParser.parseSingle(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\",\"default\":\"\"}]}");
        var demanding = SchemaParser.parseSingle(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"b\",\"type\":\"int\"}]}");

        assertThat(isReadable(retyped, before)).isFalse();
        assertThat(isReadable(demanding, before)).isFalse();
        assertThat(isReadable(before, demanding)).isTrue();
    }

    private interface Comparison {
        void compare(Schema schema, Schema before);
    }

    private interface Rule {
        void check(Schema schema);
    }

    private Stream<DynamicTest> againstTheBaseline(Comparison comparison) {
        var baseline = baseline();
        return current.entrySet().stream()
                .filter(entry -> baseline.containsKey(entry.getKey()))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    var before = baseline.get(entry.getKey());
                    if (before != null) {
                        comparison.compare(entry.getValue(), before);
                    }
                }));
    }

    private Stream<DynamicTest> each(Rule rule) {
        assertThat(current).isNotEmpty();
        return current.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> named(entry.getValue(), new ArrayList<>()).forEach(rule::check)));
    }

    private static void assertReadable(Schema reader, Schema writer, String consequence) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult();
        if (result.getCompatibility() != SchemaCompatibilityType.COMPATIBLE) {
            fail("%s: %s: %s. %s", reader.getFullName(), consequence, result.getIncompatibilities(), HOW_TO_UPDATE);
        }
    }

    private static boolean isReadable(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    /** The records and enums in the schema, itself included. */
    private static List<Schema> named(Schema schema, List<Schema> found) {
        switch (schema.getType()) {
            case RECORD -> {
                if (!found.contains(schema)) {
                    found.add(schema);
                    schema.getFields().forEach(field -> named(field.schema(), found));
                }
            }
            case ENUM -> found.add(schema);
            case ARRAY -> named(schema.getElementType(), found);
            case MAP -> named(schema.getValueType(), found);
            case UNION -> schema.getTypes().forEach(branch -> named(branch, found));
            default -> {
                // a primitive has no name
            }
        }
        return found;
    }

    /** The schemas of all files, by full name; a file may use the types of another. */
    private static Map<String, Schema> sources() {
        var parser = new SchemaParser();
        for (var file : files(SOURCES)) {
            try {
                parser.parse(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        var schemas = new TreeMap<String, Schema>();
        for (var schema : parser.getParsedNamedSchemas()) {
            if (Files.exists(SOURCES.resolve(schema.getFullName().replace('.', '/') + ".avsc"))) {
                schemas.put(schema.getFullName(), schema);
            }
        }
        assertThat(schemas).as("schemas, one a file").hasSameSizeAs(files(SOURCES));
        return schemas;
    }

    /** The schemas of the baseline, by full name; each file is complete in itself. */
    private static Map<String, Schema> baseline() {
        var schemas = new TreeMap<String, Schema>();
        for (var file : files(BASELINE)) {
            try {
                var schema = SchemaParser.parseSingle(file);
                schemas.put(schema.getFullName(), schema);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return schemas;
    }

    private static List<Path> files(Path directory) {
        try (var files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(".avsc"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
