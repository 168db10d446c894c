package io.millrace.pipeline;

import io.millrace.expression.Place;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads the YAML file of a pipeline. Bad input is answered with problems, never with an exception. */
public final class PipelineParser {
    static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            // The guard counts what aliases stand for, which says more than their number.
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();

    private PipelineParser() {}

    /**
     * Reads a pipeline. All problems are found that can be told apart; a file that is no YAML has one.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the text of the file
     */
    public static ParsedPipeline parse(String fileName, String source) {
        Problems problems = new Problems(fileName);
        SourceText text = new SourceText(source.startsWith("\uFEFF") ? source.substring(1) : source);
        Optional<Pipeline> pipeline = read(text, problems);
        return new ParsedPipeline(pipeline, problems.sorted());
    }

    /**
     * Reads a pipeline from the bytes of its file, which must be UTF-8.
     *
     * @param fileName the name of the file, as problems are to show it
     * @param source the bytes of the file
     */
    public static ParsedPipeline parse(String fileName, byte[] source) {
        if (source.length > PipelineLimits.FILE_BYTES) {
            Problems problems = new Problems(fileName);
            problems.add(new Place(1, 1), tooLarge(source.length));
            return new ParsedPipeline(Optional.empty(), problems.sorted());
        }
        ByteBuffer bytes = ByteBuffer.wrap(source);
        CharBuffer read = CharBuffer.allocate(source.length);
        boolean malformed = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes, read, true)
                .isError();
        String text = read.flip().toString();
        if (!malformed) {
            return parse(fileName, text);
        }
        Problems problems = new Problems(fileName);
        problems.add(
                new SourceText(text).placeOf(text.length()),
                "the file is not UTF-8 text: a byte here is %02x".formatted(source[bytes.position()]));
        return new ParsedPipeline(Optional.empty(), problems.sorted());
    }

    private static Optional<Pipeline> read(SourceText source, Problems problems) {
        int bytes = source.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PipelineLimits.FILE_BYTES) {
            problems.add(new Place(1, 1), tooLarge(bytes));
            return Optional.empty();
        }
        try {
            if (!new YamlGuard(problems).accepts(new Parse(SETTINGS).parseString(source.text()))) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(SETTINGS).composeString(source.text());
            if (root.isEmpty() || Nodes.isNull(root.get())) {
                problems.add(new Place(1, 1), "the file is empty", "a pipeline with `id` and `tasks`");
                return Optional.empty();
            }
            return new PipelineReader(new Nodes(source, problems), problems).read(root.get());
        } catch (YamlEngineException e) {
            problems.add(place(e, source), YamlFault.sentence(e));
            return Optional.empty();
        }
    }

    private static Place place(YamlEngineException fault, SourceText source) {
        if (fault instanceof MarkedYamlEngineException marked) {
            return marked.getProblemMark()
                    .or(marked::getContextMark)
                    .map(SourceText::place)
                    .orElse(new Place(1, 1));
        }
        if (fault instanceof ReaderException reader) {
            int codePoints = source.text().codePointCount(0, source.text().length());
            return source.placeOf(source.text().offsetByCodePoints(0, Math.min(reader.getPosition(), codePoints)));
        }
        return new Place(1, 1);
    }

    private static String tooLarge(int bytes) {
        return "the file has " + bytes + " bytes; the limit is " + PipelineLimits.FILE_BYTES;
    }
}
