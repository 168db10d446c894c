package io.millrace.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows in aligned columns under a header: as wide as the cells ask for, without trailing blanks. */
public final class Table {
    private static final String GAP = "  ";

    private record Cell(String text, Optional<Style> style) {}

    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** A table with these headings, one a column. */
    public Table(String... header) {
        this.header = List.of(header);
    }

    /** Begins a row; its cells follow from left to right. */
    public Table row() {
        rows.add(new ArrayList<>());
        return this;
    }

    /** Adds a cell to the last row. */
    public Table cell(String text) {
        return add(new Cell(text, Optional.empty()));
    }

    /** Adds a cell that stands out to the last row. */
    public Table cell(String text, Style style) {
        return add(new Cell(text, Optional.of(style)));
    }

    /** The lines of the table, the header first, each indented by this text. */
    public List<String> lines(Terminal terminal, String indent) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<Cell> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).text().length());
            }
        }
        List<String> lines = new ArrayList<>();
        List<Cell> headings = header.stream()
                .map(text -> new Cell(text, Optional.of(Style.DIM)))
                .toList();
        lines.add(line(headings, widths, terminal, indent));
        rows.forEach(row -> lines.add(line(row, widths, terminal, indent)));
        return lines;
    }

    private Table add(Cell cell) {
        List<Cell> last = rows.get(rows.size() - 1);
        if (last.size() == header.size()) {
            throw new IllegalStateException("a row has " + header.size() + " cells: " + header);
        }
        last.add(cell);
        return this;
    }

    private static String line(List<Cell> cells, int[] widths, Terminal terminal, String indent) {
        StringBuilder line = new StringBuilder(indent);
        int pending = 0;
        for (int column = 0; column < cells.size(); column++) {
            Cell cell = cells.get(column);
            if (!cell.text().isEmpty()) {
                line.append(" ".repeat(pending));
                pending = 0;
                line.append(cell.style()
                        .map(style -> terminal.styled(style, cell.text()))
                        .orElse(cell.text()));
            }
            pending += widths[column] - cell.text().length() + GAP.length();
        }
        return line.toString();
    }
}
