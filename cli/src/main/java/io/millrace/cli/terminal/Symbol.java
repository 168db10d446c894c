package io.millrace.cli.terminal;

/** Marks in front of lines, with what stands for them where the locale has no UTF-8. */
public enum Symbol {
    DONE("✓", "+"),
    FAILED("✗", "x"),
    RUNNING("●", "*"),
    WAITING("○", "."),
    RETRYING("↻", "~"),
    SKIPPED("↷", "-"),
    ARROW("→", "->"),
    DOT("·", "-"),
    ELLIPSIS("…", "...");

    private final String unicode;
    private final String ascii;

    Symbol(String unicode, String ascii) {
        this.unicode = unicode;
        this.ascii = ascii;
    }

    String text(boolean hasUnicode) {
        return hasUnicode ? unicode : ascii;
    }
}
