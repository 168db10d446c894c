package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what a task does: exactly one of {@link #KINDS}. */
final class ActionReader {
    static final List<String> KINDS = List.of("shell", "python", "java", "run", "wait", "approval");

    private final Nodes nodes;
    private final Problems problems;

    ActionReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    Optional<Action> read(Block task) {
        List<String> kinds = KINDS.stream().filter(task::has).toList();
        if (kinds.isEmpty()) {
            problems.add(task.place(), "a task has nothing to do", "one of the keys " + String.join(", ", KINDS));
            return Optional.empty();
        }
        for (String second : kinds.subList(1, kinds.size())) {
            problems.add(
                    task.placeOfKey(second),
                    "a task does one thing, and has `" + kinds.get(0) + "` already",
                    "a task of its own for `" + second + "`");
        }
        return switch (kinds.get(0)) {
            case "shell" ->
                script(task, "shell", "command").map(script -> new Shell(script.code(), script.file(), script.args()));
            case "python" ->
                script(task, "python", "code").map(script -> new Python(script.code(), script.file(), script.args()));
            case "java" -> handler(task);
            case "run" -> run(task);
            case "wait" ->
                task.duration("wait", Duration.ofMillis(1), PipelineLimits.TIMEOUT)
                        .map(Wait::new);
            default -> approval(task);
        };
    }

    private record Script(Optional<String> code, Optional<String> file, List<String> args) {}

    private Optional<Action> handler(Block task) {
        Optional<ScalarNode> node = task.text("java");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        String handler = node.get().getValue();
        if (handler.isBlank() || handler.length() > PipelineLimits.PATH_LENGTH || handler.contains("${{")) {
            problems.add(
                    nodes.source().place(node.get()),
                    "\"" + handler + "\" is no name of a handler",
                    "the name under which a worker registered it");
            return Optional.empty();
        }
        return Optional.of(new JavaHandler(handler));
    }

    private Optional<Action> run(Block task) {
        return task.text("run").flatMap(node -> {
            String id = node.getValue();
            if (!Names.isId(id)) {
                problems.add(nodes.source().place(node), "\"" + id + "\" is no pipeline's id", Names.ID_RULE);
                return Optional.empty();
            }
            return Optional.of(new RunPipeline(new PipelineId(id)));
        });
    }

    private Optional<Action> approval(Block task) {
        return task.text("approval").flatMap(node -> {
            String question = node.getValue();
            boolean fits = !question.isBlank()
                    && question.codePointCount(0, question.length()) <= PipelineLimits.QUESTION_LENGTH
                    && !question.contains("${{");
            if (!fits) {
                problems.add(
                        nodes.source().place(node),
                        "`approval` is no question",
                        "a text of 1 to " + PipelineLimits.QUESTION_LENGTH + " characters without expressions");
            }
            return fits ? Optional.of(new Approval(question)) : Optional.empty();
        });
    }

    private Optional<Script> script(Block task, String kind, String codeKey) {
        Node node = task.node(kind).orElseThrow();
        if (Nodes.isText(node)) {
            return code((ScalarNode) node, kind)
                    .map(code -> new Script(Optional.of(code), Optional.empty(), List.of()));
        }
        if (node instanceof ScalarNode) {
            task.text(kind);
            return Optional.empty();
        }
        Optional<Block> block = Block.of("`" + kind + "`", node, List.of(codeKey, "file", "args"), nodes, problems);
        return block.flatMap(script -> scriptIn(script, kind, codeKey));
    }

    private Optional<Script> scriptIn(Block block, String kind, String codeKey) {
        if (block.has(codeKey) == block.has("file")) {
            problems.add(
                    block.has("file") ? block.placeOfKey("file") : block.place(),
                    "`" + kind + "` has "
                            + (block.has("file")
                                    ? "both `" + codeKey + "` and `file`"
                                    : "neither `" + codeKey + "` nor `file`"),
                    "one of " + codeKey + ", file");
            return Optional.empty();
        }
        if (block.has(codeKey)) {
            if (block.has("args")) {
                problems.add(block.placeOfKey("args"), "`args` are for a `file`", "values in `with` or `env`");
            }
            return block.text(codeKey)
                    .flatMap(node -> code(node, kind))
                    .map(code -> new Script(Optional.of(code), Optional.empty(), List.of()));
        }
        Optional<String> file = block.text("file").flatMap(this::path);
        List<String> args = args(block);
        return file.map(path -> new Script(Optional.empty(), Optional.of(path), args));
    }

    private Optional<String> code(ScalarNode node, String kind) {
        String code = node.getValue();
        if (code.isBlank()) {
            problems.add(nodes.source().place(node), "`" + kind + "` is empty", "what to execute");
            return Optional.empty();
        }
        return plain(node) ? Optional.of(code) : Optional.empty();
    }

    /** Whether a text holds no expression, and nothing that a process could not be given. */
    private boolean plain(ScalarNode node) {
        Excerpt excerpt = nodes.source().excerpt(node);
        int expression = excerpt.text().indexOf("${{");
        if (expression >= 0) {
            problems.add(
                    excerpt.places().at(expression),
                    "a value cannot be pasted into code",
                    "`with`, which the code finds as JSON in the file named by MILLRACE_INPUTS, or `env`");
            return false;
        }
        int nul = excerpt.text().indexOf('\0');
        if (nul >= 0) {
            problems.add(excerpt.places().at(nul), "a NUL character cannot be passed to a process");
        }
        return nul < 0;
    }

    Optional<String> path(ScalarNode node) {
        Optional<String> fault = node.getValue().contains("${{")
                ? Optional.of("a path cannot hold an expression")
                : FilePaths.fault(node.getValue());
        fault.ifPresent(message -> problems.add(
                nodes.source().place(node),
                message,
                "a path such as scripts/train.py, relative to the pipeline's file"));
        return fault.isPresent() ? Optional.empty() : Optional.of(node.getValue());
    }

    private List<String> args(Block block) {
        List<String> args = new ArrayList<>();
        for (Node node : block.list("args", PipelineLimits.ARGS)) {
            if (node instanceof ScalarNode scalar && !Nodes.isNull(node)) {
                if (plain(scalar)) {
                    args.add(scalar.getValue());
                }
            } else {
                problems.add(
                        nodes.source().place(node), "an argument is " + nodes.describe(node), "a string or a number");
            }
        }
        return args;
    }
}
