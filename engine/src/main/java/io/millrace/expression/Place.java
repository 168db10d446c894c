package io.millrace.expression;

/**
 * A place in a text file as editors count it: both numbers start at 1, columns are Unicode code points.
 *
 * @param line the line, from 1
 * @param column the column, from 1
 */
public record Place(int line, int column) {
    public Place {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line and column count from 1: " + line + ":" + column);
        }
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
