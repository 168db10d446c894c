package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads tasks of {@code shell} and {@code python}: code, or the path of a script with its arguments. */
final class ScriptReader implements KindReader {
    private static final String INSTEAD =
            "`with`, which the code finds as JSON in the file named by MILLRACE_INPUTS, or `env`";

    private final String kind;
    private final String codeKey;
    private final Making making;
    private final Nodes nodes;
    private final Problems problems;
    private final PlainTexts texts;

    /** Makes an action of code, or of a file and its arguments. */
    private interface Making {
        Action make(Optional<String> code, Optional<String> file, List<String> args);
    }

    private record Script(Action action, Optional<String> script) implements ActionDraft {
        @Override
        public Optional<Action> compile(Templates templates) {
            return Optional.of(action);
        }
    }

    private ScriptReader(String kind, String codeKey, Making making, Nodes nodes, Problems problems) {
        this.kind = kind;
        this.codeKey = codeKey;
        this.making = making;
        this.nodes = nodes;
        this.problems = problems;
        this.texts = new PlainTexts(nodes, problems);
    }

    static KindReader ofShell(Nodes nodes, Problems problems) {
        return new ScriptReader("shell", "command", Shell::new, nodes, problems);
    }

    static KindReader ofPython(Nodes nodes, Problems problems) {
        return new ScriptReader("python", "code", Python::new, nodes, problems);
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        Node node = task.node(kind).orElseThrow();
        if (Nodes.isText(node)) {
            return code((ScalarNode) node);
        }
        if (node instanceof ScalarNode) {
            task.text(kind);
            return Optional.empty();
        }
        return Block.of("`" + kind + "`", node, List.of(codeKey, "file", "args"), nodes, problems)
                .flatMap(this::script);
    }

    private Optional<ActionDraft> script(Block block) {
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
            return block.text(codeKey).flatMap(this::code);
        }
        Optional<String> file = block.text("file").flatMap(texts::path);
        List<String> args = args(block);
        return file.map(path -> new Script(making.make(Optional.empty(), file, args), file));
    }

    private Optional<ActionDraft> code(ScalarNode node) {
        return texts.code(node, kind)
                .map(code -> ActionDraft.of(making.make(Optional.of(code), Optional.empty(), List.of())));
    }

    private List<String> args(Block block) {
        List<String> args = new ArrayList<>();
        for (Node node : block.list("args", PipelineLimits.ARGS)) {
            if (node instanceof ScalarNode scalar && !Nodes.isNull(node)) {
                if (texts.isPlain(scalar, INSTEAD)) {
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
