package io.millrace.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads tasks of {@code container}: an image, and what is executed in it. */
final class ContainerReader implements KindReader {
    private static final List<String> KEYS = List.of("image", "command", "pull", "network");
    private static final String INSTEAD =
            "`with`, which the command finds as JSON in the file named by MILLRACE_INPUTS, or `env`";

    /** Never one that a program could take for an option. */
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,499}");

    private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final Nodes nodes;
    private final Problems problems;
    private final PlainTexts texts;

    /** When an image is fetched. */
    private enum Pull {
        MISSING,
        ALWAYS,
        NEVER
    }

    ContainerReader(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
        this.texts = new PlainTexts(nodes, problems);
    }

    @Override
    public Optional<ActionDraft> read(Block task) {
        return Block.of("`container`", task.node("container").orElseThrow(), KEYS, nodes, problems)
                .flatMap(this::container);
    }

    private Optional<ActionDraft> container(Block block) {
        block.required("image", "an image such as python:3.12-slim");
        Optional<String> image = named(block, "image", IMAGE, "an image such as python:3.12-slim");
        Optional<String> network = named(block, "network", NETWORK, "the name of a network, such as none");
        List<String> command = command(block);
        String pull =
                block.word("pull", Pull.values()).orElse(Pull.MISSING).name().toLowerCase(Locale.ROOT);
        return image.map(name -> ActionDraft.of(new Container(name, command, pull, network)));
    }

    private Optional<String> named(Block block, String key, Pattern form, String expected) {
        return block.text(key).map(ScalarNode::getValue).filter(value -> {
            boolean isOne = form.matcher(value).matches();
            if (!isOne) {
                problems.add(
                        nodes.source().place(block.node(key).orElseThrow()),
                        "\"" + value + "\" is no `" + key + "` of a container",
                        expected);
            }
            return isOne;
        });
    }

    private List<String> command(Block block) {
        List<String> words = new ArrayList<>();
        for (Node node : block.list("command", PipelineLimits.ARGS)) {
            if (!(node instanceof ScalarNode scalar) || Nodes.isNull(node)) {
                problems.add(
                        nodes.source().place(node),
                        "a word of the command is " + nodes.describe(node),
                        "a string or a number");
            } else if (texts.isPlain(scalar, INSTEAD)) {
                words.add(scalar.getValue());
            }
        }
        return words;
    }
}
