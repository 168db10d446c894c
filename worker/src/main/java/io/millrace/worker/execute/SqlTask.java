package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.worker.sql.CsvRows;
import io.millrace.worker.sql.JsonLines;
import io.millrace.worker.sql.RowSource;
import io.millrace.worker.sql.SqlFault;
import io.millrace.worker.sql.SqlOrder;
import io.millrace.worker.sql.SqlStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what an {@code sql} task orders. */
final class SqlTask {
    private static final int ROWS = 1_000;
    private static final int BATCH = 1_000;
    private static final int LONGEST_KEY = 400;

    private final Delivery delivery;
    private final ConnectorDocument document;
    private final Workspace workspace;
    private final AttemptArtifacts artifacts;

    SqlTask(Delivery delivery, ConnectorDocument document, Workspace workspace, AttemptArtifacts artifacts) {
        this.delivery = delivery;
        this.document = document;
        this.workspace = workspace;
        this.artifacts = artifacts;
    }

    SqlOrder order() throws UnexecutableException, SqlFault, IOException {
        String mode = document.required("mode");
        List<SqlStatement> statements = statements();
        switch (mode) {
            case "query":
                return new SqlOrder.Query(statements.get(0), parameters(), (int) document.number("max_rows", ROWS));
            case "update", "script":
                JsonNode rows = document.member("rows");
                Iterable<JsonNode> sets = rows.isMissingNode() ? List.of(parameters()) : list(rows);
                boolean once = document.member("once").asBoolean();
                return new SqlOrder.Change(statements, sets, once ? Optional.of(key()) : Optional.empty());
            case "load":
                return new SqlOrder.Load(
                        statements.get(0), rows(), (int) Math.max(1, document.number("batch", BATCH)), key());
            default:
                throw new UnexecutableException("This worker does not know the statement '" + mode + "'.");
        }
    }

    private List<SqlStatement> statements() throws UnexecutableException {
        List<SqlStatement> statements = new ArrayList<>();
        for (JsonNode each : document.member("statements")) {
            Optional<List<String>> names = Optional.empty();
            if (each.path("names").isArray()) {
                List<String> read = new ArrayList<>();
                each.path("names").forEach(name -> read.add(name.asText()));
                names = Optional.of(List.copyOf(read));
            }
            statements.add(new SqlStatement(each.path("sql").asText(), names));
        }
        if (statements.isEmpty()) {
            throw new UnexecutableException("The sql task has no statement.");
        }
        return statements;
    }

    private JsonNode parameters() {
        JsonNode parameters = document.member("parameters");
        return parameters.isMissingNode() ? JsonNodeFactory.instance.objectNode() : parameters;
    }

    private static JsonNode list(JsonNode rows) throws UnexecutableException {
        if (!rows.isArray()) {
            throw new UnexecutableException("`rows` of the sql task is no list.");
        }
        return rows;
    }

    private String key() throws UnexecutableException {
        String key = document.text("key").orElse(delivery.idempotencyKey());
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new UnexecutableException(
                    "`key` of the sql task has " + key.length() + " characters; it must be 1 to " + LONGEST_KEY + ".");
        }
        return key;
    }

    private RowSource rows() throws UnexecutableException, SqlFault, IOException {
        JsonNode file = document.member("file");
        if (file.isMissingNode()) {
            return RowSource.of(list(document.member("rows")));
        }
        Path path;
        if (file instanceof ObjectNode reference) {
            // Whole before the first row is loaded: what is not what was stored is found at the end.
            path = workspace.work().resolve(".millrace_rows");
            try (InputStream content = artifacts.open(reference)) {
                Files.copy(content, path);
            }
        } else {
            path = workspace.inside(file.asText());
        }
        if (!Files.isRegularFile(path)) {
            throw new UnexecutableException("There is no file '" + file.asText()
                    + "' with rows: name it in `files` of the task, or hand over an artifact.");
        }
        Map<String, String> types = new HashMap<>();
        document.member("types")
                .properties()
                .forEach(type -> types.put(type.getKey(), type.getValue().asText()));
        return document.text("format").orElse("csv").equals("jsonl") ? new JsonLines(path) : new CsvRows(path, types);
    }
}
