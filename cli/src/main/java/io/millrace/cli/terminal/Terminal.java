package io.millrace.cli.terminal;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command writes to: answers to standard output, everything else to standard error, both in UTF-8.
 * Colours and redrawing are used only where standard output is a terminal; when its reader has gone away,
 * the next write throws {@link OutputClosedException}.
 */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final boolean unicode;
    private final int columns;
    private final int rows;
    private InputStream in = InputStream.nullInputStream();
    private boolean colours;

    /**
     * A terminal over any streams, as tests want it.
     *
     * @param columns the width in characters; taken for 20 when it is less
     * @param rows the height in lines; taken for 5 when it is less
     */
    public Terminal(OutputStream out, OutputStream err, boolean interactive, boolean unicode, int columns, int rows) {
        this.out = new PrintStream(new CloseNoticingStream(out), true, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.interactive = interactive;
        this.unicode = unicode;
        this.columns = Math.max(20, columns);
        this.rows = Math.max(5, rows);
        this.colours = interactive;
    }

    /**
     * The terminal of this process. Java 17 cannot tell whether standard output is a terminal: the launcher
     * does, by the system properties {@code millrace.tty} (true), {@code millrace.columns} and {@code millrace.rows}.
     * Without them the output is taken for a pipe or a file. {@code NO_COLOR} (no-color.org) and {@code TERM=dumb} are minded.
     */
    public static Terminal ofProcess(Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean interactive = Boolean.getBoolean("millrace.tty") && !dumb;
        Terminal terminal = new Terminal(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                interactive,
                hasUtf8(environment),
                Integer.getInteger("millrace.columns", 100),
                Integer.getInteger("millrace.rows", 24));
        terminal.in = System.in;
        String noColor = environment.getOrDefault("NO_COLOR", "");
        return noColor.isEmpty() ? terminal : terminal.withoutColours();
    }

    /** Takes answers to questions from here; without it there are none. */
    public Terminal withInput(InputStream answers) {
        in = answers;
        return this;
    }

    /** Takes the colours away, for good. */
    public Terminal withoutColours() {
        colours = false;
        return this;
    }

    /** Whether lines can be redrawn in place. */
    public boolean interactive() {
        return interactive;
    }

    /** Whether colours are used. */
    public boolean colours() {
        return colours;
    }

    /** Whether more than ASCII can be shown. */
    public boolean unicode() {
        return unicode;
    }

    /** The width in characters. */
    public int columns() {
        return columns;
    }

    /** The height in lines. */
    public int rows() {
        return rows;
    }

    /** Writes a line of the answer to standard output. */
    public void line(String text) {
        out.print(text + "\n");
        out.flush();
    }

    /** Writes text of the answer to standard output as it is. */
    public void print(String text) {
        out.print(text);
        out.flush();
    }

    /** Writes a line for people, which is not part of the answer, to standard error. */
    public void note(String text) {
        err.print(text + "\n");
        err.flush();
    }

    /** Asks on standard error and gives the line that is typed; empty where nobody can be asked, or says nothing at all. */
    public Optional<String> ask(String question) {
        if (!interactive) {
            return Optional.empty();
        }
        err.print(question);
        err.flush();
        try {
            return Optional.ofNullable(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine());
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be read", e);
        }
    }

    /** Standard input, for verbs that read it. */
    public InputStream in() {
        return in;
    }

    /** Standard output, for who wants a stream. */
    public PrintStream out() {
        return out;
    }

    /** Standard error, for stack traces. */
    public PrintStream err() {
        return err;
    }

    /** The text in this style where there are colours, else the text alone. */
    public String styled(Style style, String text) {
        return colours && !text.isEmpty() ? style.apply(text) : text;
    }

    /** The symbol, or what stands for it. */
    public String symbol(Symbol symbol) {
        return symbol.text(unicode);
    }

    /** The text cut to at most this many characters, with a mark that it was cut. */
    public String cut(String text, int length) {
        String mark = symbol(Symbol.ELLIPSIS);
        return text.length() <= length ? text : text.substring(0, Math.max(0, length - mark.length())) + mark;
    }

    private static boolean hasUtf8(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                String upper = value.toUpperCase(Locale.ROOT);
                return upper.contains("UTF-8") || upper.contains("UTF8");
            }
        }
        return false;
    }
}
