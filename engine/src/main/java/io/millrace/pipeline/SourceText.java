package io.millrace.pipeline;

import io.millrace.expression.Excerpt;
import io.millrace.expression.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The text of a file, which knows where its lines begin. Columns are code points; a line ends where YAML says so. */
public final class SourceText {
    private final String text;
    private final int[] lineStarts;

    /** Finds its lines. */
    public SourceText(String text) {
        this.text = text;
        List<Integer> starts = new ArrayList<>();
        starts.add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1))) {
                starts.add(i + 1);
            }
        }
        lineStarts = starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The text. */
    public String text() {
        return text;
    }

    /** Where a node begins. */
    public Place place(Node node) {
        return place(node.getStartMark().orElseThrow());
    }

    static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The place of a UTF-16 index. */
    public Place placeOf(int index) {
        int line = Arrays.binarySearch(lineStarts, index);
        line = line < 0 ? -line - 2 : line;
        return new Place(line + 1, text.codePointCount(lineStarts[line], Math.min(index, text.length())) + 1);
    }

    /** The UTF-16 index of a mark. */
    private int index(Mark mark) {
        int start = lineStarts[Math.min(mark.getLine(), lineStarts.length - 1)];
        int rest = text.codePointCount(start, text.length());
        return text.offsetByCodePoints(start, Math.min(mark.getColumn(), rest));
    }

    /** The value of a scalar, which knows where in the file its characters are. */
    public Excerpt excerpt(ScalarNode node) {
        return new Excerpt(node.getValue(), at -> placeWithin(node, at));
    }

    private Place placeWithin(ScalarNode node, int at) {
        int start = index(node.getStartMark().orElseThrow());
        int end = node.getEndMark().map(this::index).orElse(text.length());
        boolean block = node.getScalarStyle() == ScalarStyle.LITERAL || node.getScalarStyle() == ScalarStyle.FOLDED;
        if (!block) {
            return placeOf(new Alignment(node.getValue(), text, start, end, node.getScalarStyle()).indexOf(at));
        }
        Place header = placeOf(start);
        int body = header.line() < lineStarts.length ? lineStarts[header.line()] : text.length();
        return placeOf(new Alignment(node.getValue(), text, body, end, node.getScalarStyle()).indexOf(at));
    }
}
