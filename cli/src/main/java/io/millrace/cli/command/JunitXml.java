package io.millrace.cli.command;

import io.millrace.pipeline.Problem;
import io.millrace.testkit.file.Mismatch;
import io.millrace.testkit.file.TestResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Results of tests as the XML that JUnit's Ant task once wrote and every CI server reads: a suite a file, an error for each file that is
 * wrong. It is well-formed whatever names and values hold: what XML 1.0 cannot carry is replaced.
 */
final class JunitXml {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final boolean strict;

    private JunitXml(boolean strict) {
        this.strict = strict;
    }

    static String of(List<TestedFile> tested, boolean strict) {
        JunitXml junit = new JunitXml(strict);
        junit.xml.append("<testsuites>\n");
        tested.forEach(junit::suite);
        return junit.xml.append("</testsuites>\n").toString();
    }

    private void suite(TestedFile tested) {
        int errors = tested.isWrong() ? 1 : 0;
        xml.append("  <testsuite")
                .append(attribute("name", tested.file().file()))
                .append(attribute("tests", "" + (tested.results().size() + errors)))
                .append(attribute("failures", "" + tested.failed(strict)))
                .append(attribute("errors", "" + errors))
                .append(attribute("time", seconds(tested.took())))
                .append(">\n");
        if (tested.isWrong()) {
            List<String> problems =
                    tested.file().problems().stream().map(Problem::toString).toList();
            begin(tested.file().file(), "the file can be read", Duration.ZERO);
            element("error", problems.get(0), String.join("\n", problems));
            xml.append("    </testcase>\n");
        }
        tested.results().forEach(result -> test(tested.file().file(), result));
        xml.append("  </testsuite>\n");
    }

    private void test(String file, TestResult result) {
        begin(file, result.test().name(), result.took());
        if (TestedFile.fails(result, strict)) {
            List<String> said = new ArrayList<>(result.errors());
            result.mismatches().stream().map(Mismatch::toString).forEach(said::add);
            said.addAll(result.warnings());
            element("failure", said.get(0), file + ":" + result.test().place() + "\n" + String.join("\n", said));
        }
        result.run().ifPresent(run -> element("system-out", "", String.join("\n", run.tale())));
        xml.append("    </testcase>\n");
    }

    private void begin(String file, String name, Duration took) {
        xml.append("    <testcase")
                .append(attribute("classname", file))
                .append(attribute("name", name))
                .append(attribute("time", seconds(took)))
                .append(">\n");
    }

    private void element(String name, String message, String text) {
        xml.append("      <")
                .append(name)
                .append(message.isEmpty() ? "" : attribute("message", message))
                .append('>')
                .append(escaped(text, false))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private static String attribute(String name, String value) {
        return " " + name + "=\"" + escaped(value, true) + "\"";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    private static String escaped(String text, boolean inAttribute) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;"); // Else ]]> could not stand in a text.
                case '"' -> escaped.append("&quot;");
                case '\r' -> escaped.append("&#13;");
                case '\n', '\t' -> escaped.append(inAttribute ? "&#" + point + ";" : Character.toString(point));
                default -> escaped.appendCodePoint(isOfXml(point) ? point : REPLACEMENT);
            }
        });
        return escaped.toString();
    }

    /** See XML 1.0, production 2; half of a surrogate pair is none of its characters. */
    private static boolean isOfXml(int point) {
        return (point >= 0x20 && point <= 0xD7FF)
                || (point >= 0xE000 && point <= 0xFFFD)
                || (point >= 0x10000 && point <= 0x10FFFF);
    }
}
