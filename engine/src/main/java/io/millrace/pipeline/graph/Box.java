package io.millrace.pipeline.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that takes room in a row: a task with its caption, or, without one, the line of a task further up that passes by.
 * Its place is set by the layout.
 */
final class Box {
    private final List<String> caption;
    private final int width;
    private final List<Box> below = new ArrayList<>();
    private final List<Box> above = new ArrayList<>();
    private int left;

    private Box(List<String> caption, int width) {
        this.caption = caption;
        this.width = width;
    }

    /** A task that so many lines lead to. */
    static Box task(List<String> caption, int incoming) {
        int text = caption.stream().mapToInt(String::length).max().orElse(0);
        int width = Math.max(text + 4, 2 * incoming + 3);
        return new Box(caption, width % 2 == 0 ? width + 1 : width);
    }

    static Box passing() {
        return new Box(List.of(), 1);
    }

    void lead(Box target) {
        below.add(target);
        target.above.add(this);
    }

    boolean isTask() {
        return !caption.isEmpty();
    }

    List<String> caption() {
        return caption;
    }

    /** Where its line leads to, in the next row. */
    List<Box> below() {
        return below;
    }

    /** Whose lines lead to it, from the row before. */
    List<Box> above() {
        return above;
    }

    int width() {
        return width;
    }

    int height() {
        return isTask() ? caption.size() + 2 : 0;
    }

    int left() {
        return left;
    }

    void moveTo(int newLeft) {
        left = newLeft;
    }

    int center() {
        return left + width / 2;
    }
}
