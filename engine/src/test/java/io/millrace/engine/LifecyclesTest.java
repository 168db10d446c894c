package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the diagrams of docs/lifecycles.md to the engine's own tables. */
class LifecyclesTest {
    private static final Pattern ARROW = Pattern.compile("(\\w+) --> (\\w+)");

    @Test
    void diagramOfTheRunIsThatOfTheCode() throws IOException {
        assertThat(drawn("RunStatus"))
                .isEqualTo(inCode(Arrays.stream(RunStatus.values())
                        .flatMap(from -> from.next().stream().map(to -> from + " --> " + to))));
    }

    @Test
    void diagramOfTheTaskIsThatOfTheCode() throws IOException {
        assertThat(drawn("TaskStatus"))
                .isEqualTo(inCode(Arrays.stream(TaskStatus.values())
                        .flatMap(from -> from.next().stream().map(to -> from + " --> " + to))));
    }

    @Test
    void diagramOfTheDeliveryIsThatOfTheCode() throws IOException {
        assertThat(drawn("AttemptStatus"))
                .isEqualTo(inCode(Arrays.stream(AttemptStatus.values())
                        .flatMap(from -> from.next().stream().map(to -> from + " --> " + to))));
    }

    @Test
    void everyEventTypeIsNamed() throws IOException {
        String document = document();
        assertThat(RunEventType.values())
                .allSatisfy(type -> assertThat(document).contains("`" + type + "`"));
    }

    private static Set<String> inCode(Stream<String> arrows) {
        return arrows.collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> drawn(String status) throws IOException {
        String document = document();
        int start = document.indexOf("<!-- " + status + " -->");
        assertThat(start).as("the diagram of %s", status).isNotNegative();
        String diagram = document.substring(start, document.indexOf("```\n", start + 1));
        Set<String> arrows = new TreeSet<>();
        Matcher arrow = ARROW.matcher(diagram);
        while (arrow.find()) {
            arrows.add(arrow.group(1) + " --> " + arrow.group(2));
        }
        return arrows;
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("..", "docs", "lifecycles.md"));
    }
}
