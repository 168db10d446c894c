package io.millrace.testkit.file;

import io.millrace.expression.Place;
import io.millrace.pipeline.Block;
import io.millrace.pipeline.Nodes;
import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Problem;
import io.millrace.pipeline.Problems;
import io.millrace.pipeline.SourceText;
import io.millrace.pipeline.YamlFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads files of tests. Bad input is answered with problems, never with an exception. */
public final class TestFileParser {
    static final List<String> KEYS = List.of("pipeline", "defaults", "tests");

    /** What the names of files of tests end with. */
    public static final List<String> ENDINGS = List.of(".test.yaml", ".test.yml");

    private final String file;
    private final Pipelines pipelines;
    private final Problems problems;
    private final List<Problem> ofPipeline = new ArrayList<>();
    private final Map<String, String> sources = new LinkedHashMap<>();

    private TestFileParser(String file, Pipelines pipelines) {
        this.file = file;
        this.pipelines = pipelines;
        this.problems = new Problems(file);
    }

    /**
     * Reads a file of tests and the pipeline that it names.
     *
     * @param file the name of the file, as problems are to show it
     * @param source the bytes of the file
     * @param pipelines where the pipeline is read from
     */
    public static ParsedTests parse(String file, byte[] source, Pipelines pipelines) {
        TestFileParser parser = new TestFileParser(file, pipelines);
        parser.sources.put(file, new String(source, StandardCharsets.UTF_8));
        Optional<TestFile> tests = YamlFile.text(source, parser.problems).flatMap(parser::read);
        List<Problem> all = new ArrayList<>(parser.problems.sorted());
        all.addAll(parser.ofPipeline);
        return new ParsedTests(file, tests.filter(any -> all.isEmpty()), all, parser.sources);
    }

    /** The name of the pipeline's file that a file of tests is for unless it says another: its own without {@code .test}. */
    static String standardPipeline(String file) {
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        for (String ending : ENDINGS) {
            if (name.endsWith(ending)) {
                return name.substring(0, name.length() - ending.length()) + ending.substring(".test".length());
            }
        }
        return name;
    }

    private Optional<TestFile> read(SourceText source) {
        Nodes nodes = new Nodes(source, problems);
        return YamlFile.root(source, "list of tests", "`tests`, a list of them", problems)
                .flatMap(root -> Block.of("the file", root, KEYS, nodes, problems))
                .flatMap(block -> read(block, nodes));
    }

    private Optional<TestFile> read(Block block, Nodes nodes) {
        Optional<Node> tests = block.required("tests", "a list of tests");
        Optional<Pipeline> pipeline = pipeline(block, nodes);
        if (pipeline.isEmpty() || tests.isEmpty()) {
            return Optional.empty();
        }
        List<TestCase> read = new CasesReader(pipeline.get(), nodes, problems).read(block);
        return problems.count() > 0 ? Optional.empty() : Optional.of(new TestFile(pipeline.get(), read));
    }

    private Optional<Pipeline> pipeline(Block block, Nodes nodes) {
        Optional<ScalarNode> written = block.text("pipeline");
        if (block.has("pipeline") && written.isEmpty()) {
            return Optional.empty();
        }
        String name = written.map(ScalarNode::getValue).orElseGet(() -> standardPipeline(file));
        Place place = written.map(nodes.source()::place).orElse(block.place());
        Optional<Pipelines.Source> source = name.isBlank() ? Optional.empty() : pipelines.read(name);
        if (source.isEmpty()) {
            problems.add(
                    place,
                    "there is no pipeline in a file \"" + name + "\"",
                    written.isPresent()
                            ? "a path relative to this file"
                            : "`pipeline: ` with a path relative to this file");
            return Optional.empty();
        }
        sources.put(source.get().name(), new String(source.get().bytes(), StandardCharsets.UTF_8));
        ParsedPipeline parsed =
                PipelineParser.parse(source.get().name(), source.get().bytes());
        ofPipeline.addAll(parsed.problems());
        return parsed.pipeline();
    }
}
