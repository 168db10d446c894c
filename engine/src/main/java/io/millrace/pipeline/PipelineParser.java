package io.millrace.pipeline;

import io.millrace.expression.Place;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the YAML file of a pipeline. Bad input is answered with problems, never with an exception. */
public final class PipelineParser {
    static final LoadSettings SETTINGS = YamlFile.SETTINGS;

    private PipelineParser() {}

    /**
     * Reads a pipeline. All problems are found that can be told apart; a file that is no YAML has one.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the text of the file
     */
    public static ParsedPipeline parse(String fileName, String source) {
        Problems problems = new Problems(fileName);
        return parsed(YamlFile.text(source, problems), problems);
    }

    /**
     * Reads a pipeline from the bytes of its file, which must be UTF-8.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the bytes of the file
     */
    public static ParsedPipeline parse(String fileName, byte[] source) {
        Problems problems = new Problems(fileName);
        return parsed(YamlFile.text(source, problems), problems);
    }

    private static ParsedPipeline parsed(Optional<SourceText> source, Problems problems) {
        Optional<Pipeline> pipeline = source.flatMap(text -> read(text, problems));
        return new ParsedPipeline(pipeline, problems.sorted());
    }

    private static Optional<Pipeline> read(SourceText source, Problems problems) {
        return YamlFile.root(source, "pipeline", "a pipeline with `id` and `tasks`", problems)
                .flatMap(root -> {
                    Nodes nodes = new Nodes(source, problems);
                    Optional<Node> channel = ChannelReader.key(root);
                    return channel.isPresent()
                            ? channel(root, nodes.source().place(channel.get()), nodes, problems)
                            : new PipelineReader(nodes, problems).read(root);
                });
    }

    /** What is wrong with the pipeline that a channel stands for is wrong with the channel. */
    private static Optional<Pipeline> channel(Node root, Place place, Nodes nodes, Problems problems) {
        Optional<String> text = new ChannelReader(nodes, problems).read(root);
        Problems within = new Problems("");
        Optional<Pipeline> pipeline = text.flatMap(known -> YamlFile.text(known, within))
                .flatMap(source -> YamlFile.root(source, "pipeline", "a pipeline", within)
                        .flatMap(tree -> new PipelineReader(new Nodes(source, within), within).read(tree)));
        within.sorted()
                .forEach(problem -> problems.add(place, problem.message(), problem.expected(), problem.suggestion()));
        return pipeline;
    }
}
