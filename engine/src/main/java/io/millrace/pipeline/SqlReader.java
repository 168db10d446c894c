package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import io.millrace.expression.Suggestion;
import io.millrace.expression.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads tasks of {@code sql}: statements for a database, in one transaction; or a load, in one for each batch. */
final class SqlReader implements KindReader {
    private static final List<String> MODES = List.of("query", "update", "script", "load");
    private static final List<String> KEYS = List.of(
            "source",
            "query",
            "update",
            "script",
            "load",
            "parameters",
            "rows",
            "file",
            "format",
            "types",
            "batch",
            "max_rows",
            "once",
            "key");

    /** Which of the other keys go with which statement. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "query", Set.of("parameters", "max_rows"),
            "update", Set.of("parameters", "rows", "once", "key"),
            "script", Set.of("parameters", "once", "key"),
            "load", Set.of("rows", "file", "format", "types", "batch", "key"));

    private static final Map<String, ValueType> OF_QUERY = Map.of("rows", ValueType.LIST, "count", ValueType.INTEGER);
    private static final Map<String, ValueType> OF_CHANGE = Map.of("updated", ValueType.INTEGER);
    private static final Map<String, ValueType> OF_LOAD = Map.of("loaded", ValueType.INTEGER);

    private final Nodes nodes;
    private final Problems problems;

    SqlReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        Optional<Block> block = Block.of("`sql`", task.node("sql").orElseThrow(), KEYS, nodes, problems);
        return block.map(sql -> read(sql, mode(sql)));
    }

    private ActionDraft read(Block sql, Optional<String> mode) {
        String known = mode.orElse("");
        DocumentDraft document = new DocumentDraft(
                "sql", nodes, known.equals("query") ? OF_QUERY : known.equals("load") ? OF_LOAD : OF_CHANGE);
        source(sql).ifPresent(name -> document.constant("source", name));
        mode.ifPresent(key -> {
            document.constant("mode", key);
            others(sql, key);
            statements(sql, key, document);
        });
        sql.node("parameters").ifPresent(node -> document.valueWithSecrets("parameters", node));
        sql.node("rows").ifPresent(node -> document.value("rows", node));
        sql.node("file").ifPresent(node -> document.value("file", node));
        sql.node("key").ifPresent(node -> document.text("key", node, "`key`"));
        sql.word("format", Format.values())
                .ifPresent(format -> document.constant("format", format.name().toLowerCase(Locale.ROOT)));
        sql.integer("max_rows", 1, PipelineLimits.SQL_ROWS).ifPresent(most -> document.constant("max_rows", most));
        sql.integer("batch", 1, PipelineLimits.SQL_BATCH).ifPresent(size -> document.constant("batch", size));
        once(sql).ifPresent(once -> document.constant("once", once));
        types(sql).ifPresent(types -> document.constant("types", types));
        return document;
    }

    /** How the rows of a file are written. */
    private enum Format {
        CSV,
        JSONL
    }

    private Optional<String> source(Block sql) {
        if (sql.required("source", "the name of one of the worker's `worker.sql.sources`")
                .isEmpty()) {
            return Optional.empty();
        }
        return sql.text("source").map(ScalarNode::getValue).filter(name -> {
            if (!Names.isId(name)) {
                problems.add(
                        nodes.source().place(sql.node("source").orElseThrow()),
                        "\"" + name + "\" is no name for a source",
                        Names.ID_RULE);
            }
            return Names.isId(name);
        });
    }

    private Optional<String> mode(Block sql) {
        List<String> there = MODES.stream().filter(sql::has).toList();
        if (there.isEmpty()) {
            problems.add(sql.place(), "`sql` has no statement", Problems.oneOf(MODES));
        }
        there.stream()
                .skip(1)
                .forEach(second -> problems.add(
                        sql.placeOfKey(second),
                        "`" + second + "` does not go with `" + there.get(0) + "`",
                        "a task of its own"));
        return there.stream().findFirst();
    }

    private void others(Block sql, String mode) {
        for (String key : KEYS.subList(KEYS.indexOf("parameters"), KEYS.size())) {
            if (sql.has(key) && !ALLOWED.getOrDefault(mode, Set.of()).contains(key)) {
                problems.add(sql.placeOfKey(key), "`" + key + "` does not go with `" + mode + "`");
            }
        }
        if (sql.has("rows") && (sql.has("parameters") || sql.has("file"))) {
            problems.add(
                    sql.placeOfKey("rows"),
                    "`rows` does not go with `" + (sql.has("file") ? "file" : "parameters") + "`",
                    "one of them");
        }
        if (mode.equals("load") && !sql.has("rows") && !sql.has("file")) {
            problems.add(sql.placeOfKey("load"), "`load` has neither `rows` nor `file`", "one of rows, file");
        }
        if (sql.has("format") && !sql.has("file")) {
            problems.add(sql.placeOfKey("format"), "`format` is for a `file`");
        }
        if (sql.has("key") && !mode.equals("load") && !sql.has("once")) {
            problems.add(sql.placeOfKey("key"), "`key` is for `load` and for `once`");
        }
    }

    private void statements(Block sql, String mode, DocumentDraft document) {
        List<Map<String, Object>> statements = new ArrayList<>();
        Node node = sql.node(mode).orElseThrow();
        List<Node> texts = List.of(node);
        if (mode.equals("script")) {
            texts = sql.list("script", PipelineLimits.SQL_STATEMENTS);
            if (texts.isEmpty() && node instanceof SequenceNode) {
                problems.add(nodes.source().place(node), "`script` is an empty list", "at least one statement");
            }
        }
        for (Node text : texts) {
            sql.text(text, mode.equals("script") ? "a statement" : "`" + mode + "`")
                    .filter(this::isPlain)
                    .ifPresent(scalar -> {
                        SqlText statement = SqlText.of(scalar.getValue());
                        check(scalar, statement, sql);
                        Map<String, Object> written = new HashMap<>(Map.of("sql", statement.sql()));
                        if (statement.marks() == 0) {
                            written.put("names", statement.names());
                        }
                        statements.add(written);
                    });
        }
        document.constant("statements", statements);
    }

    /** A value becomes a parameter: pasted into the text, it could be more of a statement than a value. */
    private boolean isPlain(ScalarNode node) {
        Excerpt excerpt = nodes.source().excerpt(node);
        int expression = excerpt.text().indexOf("${{");
        if (expression >= 0) {
            problems.add(
                    excerpt.places().at(expression),
                    "a value cannot be pasted into SQL",
                    "a parameter such as :day, with its value in `parameters`");
        } else if (node.getValue().isBlank()) {
            problems.add(nodes.source().place(node), "a statement is empty", "SQL");
        }
        return expression < 0 && !node.getValue().isBlank();
    }

    private void check(ScalarNode text, SqlText statement, Block sql) {
        if (statement.marks() > 0 && !statement.names().isEmpty()) {
            problems.add(
                    nodes.source().place(text),
                    "a statement has parameters with names and with ?",
                    "names such as :day alone");
            return;
        }
        if (sql.has("rows") || sql.has("load")) {
            return;
        }
        Optional<Node> parameters = sql.node("parameters");
        if (statement.marks() > 0) {
            int given = parameters
                    .filter(SequenceNode.class::isInstance)
                    .map(node -> ((SequenceNode) node).getValue().size())
                    .orElse(-1);
            boolean isWritten = parameters.isEmpty() || !(parameters.get() instanceof ScalarNode);
            if (isWritten && given != statement.marks()) {
                problems.add(
                        nodes.source().place(text),
                        "the statement has " + statement.marks() + " parameters",
                        "`parameters` as a list of " + statement.marks());
            }
            return;
        }
        Set<String> known = parameters
                .filter(MappingNode.class::isInstance)
                .map(node -> nodes.members((MappingNode) node).keySet())
                .orElse(Set.of());
        if (parameters.isEmpty() || parameters.get() instanceof MappingNode) {
            for (String name : Set.copyOf(statement.names())) {
                if (!known.contains(name)) {
                    problems.add(
                            nodes.source().place(text),
                            "the statement has the parameter :" + name + ", and `parameters` has no `" + name + "`",
                            Optional.empty(),
                            Suggestion.of(name, known));
                }
            }
        }
    }

    private Optional<Boolean> once(Block sql) {
        return sql.node("once").flatMap(node -> {
            if (node.getTag().equals(Tag.BOOL)) {
                return Optional.of(Boolean.valueOf(((ScalarNode) node).getValue()));
            }
            problems.add(nodes.source().place(node), "`once` is " + nodes.describe(node), "true or false");
            return Optional.empty();
        });
    }

    /** What the columns of a CSV file are, which knows of texts alone. */
    private Optional<Map<String, String>> types(Block sql) {
        Map<String, String> types = new HashMap<>();
        List<String> words = List.of("string", "integer", "number", "boolean");
        for (Nodes.Member member : sql.object("types", PipelineLimits.FIELDS)) {
            String word = member.value() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (words.contains(word)) {
                types.put(member.name(), word);
            } else {
                problems.add(
                        nodes.source().place(member.value()),
                        "the type of " + member.name() + " is " + nodes.describe(member.value()),
                        Problems.oneOf(words));
            }
        }
        return sql.has("types") ? Optional.of(types) : Optional.empty();
    }
}
