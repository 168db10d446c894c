package io.millrace.pipeline.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Characters in rows and columns. Lines are kept as the directions in which they leave a cell, and become characters at the end. */
final class Canvas {
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int LEFT = 4;
    private static final int RIGHT = 8;
    private static final int NOBODY = -1;

    /** By the sum of the directions. */
    private static final String UNICODE = " ╵╷│╴┘┐┤╶└┌├─┴┬┼";

    private static final String ASCII = " |||-+++-+++-+++";

    private static final class Cell {
        private int directions;
        private int owner = NOBODY;
        private boolean crossed;
        private int character = ' ';
    }

    private final List<List<Cell>> rows = new ArrayList<>();

    /** A box from this height on, stretched to the height of its row; what only passes is a line. */
    void box(Box box, int y, int height) {
        int right = box.left() + box.width() - 1;
        int bottom = y + height - 1;
        if (!box.isTask()) {
            for (int row = y; row <= bottom; row++) {
                add(box.center(), row, UP | DOWN, NOBODY);
            }
            return;
        }
        for (int x = box.left() + 1; x < right; x++) {
            add(x, y, LEFT | RIGHT, NOBODY);
            add(x, bottom, LEFT | RIGHT, NOBODY);
        }
        for (int row = y + 1; row < bottom; row++) {
            add(box.left(), row, UP | DOWN, NOBODY);
            add(right, row, UP | DOWN, NOBODY);
        }
        add(box.left(), y, RIGHT | DOWN, NOBODY);
        add(right, y, LEFT | DOWN, NOBODY);
        add(box.left(), bottom, RIGHT | UP, NOBODY);
        add(right, bottom, LEFT | UP, NOBODY);
        if (!box.below().isEmpty()) {
            add(box.center(), bottom, DOWN, NOBODY);
        }
        for (int i = 0; i < box.caption().size(); i++) {
            text(box.left() + 2, y + 1 + i, box.caption().get(i));
        }
    }

    /** A line straight down, both ends included. */
    void down(int x, int from, int to, int owner) {
        for (int y = from; y <= to; y++) {
            add(x, y, UP | DOWN, owner);
        }
    }

    /** A line that comes down at one place, runs level, and goes on down at others. */
    void branch(int from, List<Integer> to, int top, int level, int bottom, int owner) {
        down(from, top, level - 1, owner);
        add(from, level, UP, owner);
        for (int x : to) {
            for (int between = Math.min(from, x); between < Math.max(from, x); between++) {
                add(between, level, RIGHT, owner);
                add(between + 1, level, LEFT, owner);
            }
            add(x, level, DOWN, owner);
            down(x, level + 1, bottom, owner);
        }
    }

    /** The end of a line. */
    void arrow(int x, int y) {
        cell(x, y).character = '▼';
    }

    List<String> lines(boolean unicode) {
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            for (Cell cell : row) {
                line.appendCodePoint(character(cell, unicode));
            }
            lines.add(line.toString().stripTrailing());
        }
        return Collections.unmodifiableList(lines);
    }

    private void text(int x, int y, String text) {
        int column = x;
        for (int c : text.codePoints().toArray()) {
            cell(column, y).character = c;
            column++;
        }
    }

    private void add(int x, int y, int directions, int owner) {
        Cell cell = cell(x, y);
        if (cell.owner != NOBODY && owner != NOBODY && cell.owner != owner) {
            cell.crossed = true;
        }
        cell.owner = owner == NOBODY ? cell.owner : owner;
        cell.directions |= directions;
    }

    private static int character(Cell cell, boolean unicode) {
        if (cell.character != ' ') {
            return unicode || cell.character != '▼' ? cell.character : 'v';
        }
        // Where two lines cross, one passes over the other: a cross would look as if they met.
        int directions = cell.crossed ? UP | DOWN : cell.directions;
        return (unicode ? UNICODE : ASCII).charAt(directions);
    }

    private Cell cell(int x, int y) {
        while (rows.size() <= y) {
            rows.add(new ArrayList<>());
        }
        List<Cell> row = rows.get(y);
        while (row.size() <= x) {
            row.add(new Cell());
        }
        return row.get(x);
    }
}
