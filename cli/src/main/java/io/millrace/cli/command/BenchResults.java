package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.figure.Result;
import io.millrace.cli.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Figures as JSON, an object a line, and read again. */
final class BenchResults {
    private final Map<String, Double> medians;

    private BenchResults(Map<String, Double> medians) {
        this.medians = medians;
    }

    static ObjectNode json(Result result) {
        ObjectNode json = Json.object();
        json.put("workload", result.workload());
        json.put("name", result.name());
        json.put("unit", result.unit());
        json.put("median", result.spread().median());
        json.put("min", result.spread().min());
        json.put("max", result.spread().max());
        json.put("limit", boxed(result.limit()));
        json.put("ratio", boxed(result.ratio()));
        result.parts()
                .forEach(part -> json.withArray("processes")
                        .addObject()
                        .put("name", part.process())
                        .put("cores", part.cores())
                        .put("resident_bytes", part.residentBytes()));
        return json;
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** @throws UsageException when the file holds something else */
    static BenchResults read(Path file) {
        Map<String, Double> medians = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    JsonNode each = Json.parse(line);
                    if (!each.path("median").isNumber()) {
                        throw new UsageException(
                                file + " does not hold figures that `millrace bench -o json` has printed");
                    }
                    medians.put(
                            key(
                                    each.path("workload").asText(),
                                    each.path("name").asText()),
                            each.path("median").asDouble());
                }
            }
            if (medians.isEmpty()) {
                throw new UsageException(file + " holds no figures");
            }
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read: " + e.getMessage());
        }
        return new BenchResults(medians);
    }

    /** The earlier median of the same figure. */
    OptionalDouble median(Result result) {
        Double median = medians.get(key(result.workload(), result.name()));
        return median == null ? OptionalDouble.empty() : OptionalDouble.of(median);
    }

    private static String key(String workload, String name) {
        return workload + " " + name;
    }
}
