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

/**
 * The way from the bytes of a YAML file to its tree, within {@link PipelineLimits}. Bad input is answered with a located problem,
 * never with an exception, and before anything large is built from it.
 */
public final class YamlFile {
    static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            // The guard counts what aliases stand for, which says more than their number.
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();

    private YamlFile() {}

    /** The text of a file in UTF-8; empty after a problem. */
    public static Optional<SourceText> text(byte[] source, Problems problems) {
        if (source.length > PipelineLimits.FILE_BYTES) {
            problems.add(new Place(1, 1), tooLarge(source.length));
            return Optional.empty();
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
            return text(text, problems);
        }
        problems.add(
                new SourceText(text).placeOf(text.length()),
                "the file is not UTF-8 text: a byte here is %02x".formatted(source[bytes.position()]));
        return Optional.empty();
    }

    /** The text of a file, without a byte order mark; empty after a problem. */
    public static Optional<SourceText> text(String source, Problems problems) {
        SourceText text = new SourceText(source.startsWith("\uFEFF") ? source.substring(1) : source);
        int bytes = text.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PipelineLimits.FILE_BYTES) {
            problems.add(new Place(1, 1), tooLarge(bytes));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /**
     * The tree of a file; empty after a problem.
     *
     * @param holds what one file holds, such as {@code pipeline}
     * @param expected what there should be where there is nothing at all
     */
    public static Optional<Node> root(SourceText source, String holds, String expected, Problems problems) {
        try {
            if (!new YamlGuard(problems, holds).accepts(new Parse(SETTINGS).parseString(source.text()))) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(SETTINGS).composeString(source.text());
            if (root.isEmpty() || Nodes.isNull(root.get())) {
                problems.add(new Place(1, 1), "the file is empty", expected);
                return Optional.empty();
            }
            return root;
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
