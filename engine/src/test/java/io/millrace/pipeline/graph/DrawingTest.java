package io.millrace.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.ParsedPipeline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawingTest {
    private static final Pipeline DIAMOND = pipeline("""
            id: diamond
            tasks:
              - {id: fetch, shell: x}
              - {id: left, needs: fetch, python: "x", queue: gpu}
              - {id: right, needs: fetch, shell: x}
              - {id: join, needs: [left, right], shell: x, if: run.version > 1}
            """);

    @Test
    void drawsADiamondAsBoxes() {
        assertThat(String.join("\n", BoxDrawing.of(DIAMOND, 80, true))).isEqualTo("""
                            ┌───────┐
                            │ fetch │
                            │ shell │
                            └───┬───┘
                        ┌───────┴──────┐
                        ▼              ▼
                ┌───────────────┐  ┌───────┐
                │ left          │  │ right │
                │ python on gpu │  │ shell │
                └───────┬───────┘  └───┬───┘
                        └──────┐ ┌─────┘
                               ▼ ▼
                     ┌─────────────────────┐
                     │ join                │
                     │ shell               │
                     │ if run.version > 1  │
                     └─────────────────────┘""");
    }

    @Test
    void drawsALineThatPassesALayer() {
        Pipeline pipeline = pipeline("""
                id: p
                tasks:
                  - {id: a, shell: x}
                  - {id: b, needs: a, shell: x}
                  - {id: c, needs: [a, b], shell: x}
                """);

        assertThat(String.join("\n", BoxDrawing.of(pipeline, 80, false))).isEqualTo("""
                    +-------+
                    | a     |
                    | shell |
                    +---+---+
                    +---+--+
                    v      |
                +-------+  |
                | b     |  |
                | shell |  |
                +---+---+  |
                    +--+ +-+
                       v v
                    +-------+
                    | c     |
                    | shell |
                    +-------+""");
    }

    @Test
    void listsLayersWhereTheTerminalIsTooNarrowForBoxes() {
        assertThat(BoxDrawing.of(DIAMOND, 20, true))
                .containsExactly(
                        "layer 1:",
                        "  fetch, shell",
                        "layer 2:",
                        "  left, python on gpu <- fetch",
                        "  right, shell <- fetch",
                        "layer 3:",
                        "  join, shell, if run.version > 1 <- left, right");
    }

    @Test
    void speaksMermaid() {
        assertThat(MermaidDrawing.of(DIAMOND))
                .containsExactly(
                        "flowchart TD",
                        "  t_fetch[\"fetch<br/>shell\"]",
                        "  t_left[\"left<br/>python on gpu\"]",
                        "  t_right[\"right<br/>shell\"]",
                        "  t_join[\"join<br/>shell<br/>if run.version #62; 1\"]",
                        "  t_fetch --> t_left",
                        "  t_fetch --> t_right",
                        "  t_left --> t_join",
                        "  t_right --> t_join",
                        "  classDef conditional stroke-dasharray:6 4",
                        "  class t_join conditional");
    }

    @Test
    void speaksTheLanguageOfGraphviz() {
        assertThat(DotDrawing.of(DIAMOND))
                .startsWith("digraph \"diamond\" {")
                .contains(
                        "  \"join\" [label=\"join\\nshell\\nif run.version > 1\", style=\"rounded,dashed\"];",
                        "  \"left\" -> \"join\";")
                .endsWith("}");
    }

    /** With {@code -Dmillrace.drawings.update=true} the drawings beside {@code release.yaml} are made anew, to be looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"txt", "mmd", "dot"})
    void drawsApartWhatDiffersInMeaning(String language) throws IOException {
        Path folder = Path.of("src/test/resources/io/millrace/pipeline/graph");
        Pipeline release = pipeline(Files.readString(folder.resolve("release.yaml")));
        List<String> lines = language.equals("txt")
                ? BoxDrawing.of(release, 120, true)
                : language.equals("mmd") ? MermaidDrawing.of(release) : DotDrawing.of(release);

        Path drawing = folder.resolve("release." + language);
        if (Boolean.getBoolean("millrace.drawings.update")) {
            Files.write(drawing, lines);
        }
        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(drawing));
    }

    @Test
    void keepsWhatIsWrittenInAConditionFromBreakingADrawing() {
        Pipeline nasty = pipeline("""
                id: p
                inputs: {s: string}
                tasks:
                  - id: end
                    shell: x
                    if: "inputs.s != '\\"]; <script>|x\\\\\\\\'"
                """);

        assertThat(MermaidDrawing.of(nasty).get(1))
                .startsWith("  t_end[\"end<br/>shell<br/>if inputs.s != #39;#34;#93;#59; #60;script#62;")
                .endsWith("\"]");
        assertThat(DotDrawing.of(nasty).get(3)).contains("'\\\"]; <script>").endsWith("\"];");
        assertThat(BoxDrawing.of(nasty, 80, false)).hasSize(5);
    }

    /** Follows every line of a drawing with the eye of a reader, and finds exactly the needs. */
    @RepeatedTest(60)
    void drawsExactlyTheNeedsOfAnyPipeline() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Pipeline pipeline = random(new Random(seed));

        List<String> lines = BoxDrawing.of(pipeline, 100_000, true);

        assertThat(LineReader.edges(lines))
                .as("seed %d\n%s", seed, String.join("\n", lines))
                .isEqualTo(pipeline.tasks().stream()
                        .flatMap(task -> task.needs().stream().map(need -> need + " -> " + task.id()))
                        .collect(Collectors.toSet()));
    }

    @Test
    void listsThousandsOfTasks() {
        StringBuilder yaml = new StringBuilder("id: p\ntasks:\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("  - {id: t").append(i).append(", shell: x");
            yaml.append(i == 0 ? "}\n" : ", needs: t" + (i - 1) / 2 + "}\n");
        }

        assertThat(BoxDrawing.of(pipeline(yaml.toString()), 100, true)).hasSize(5_013);
    }

    private static Pipeline random(Random random) {
        int count = 2 + random.nextInt(12);
        StringBuilder yaml = new StringBuilder("id: p\ntasks:\n");
        for (int i = 0; i < count; i++) {
            List<String> needs = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(4) == 0) {
                    needs.add("t" + j);
                }
            }
            yaml.append("  - {id: t")
                    .append(i)
                    .append(", shell: x, needs: ")
                    .append(needs)
                    .append("}\n");
        }
        return pipeline(yaml.toString());
    }

    private static Pipeline pipeline(String yaml) {
        ParsedPipeline parsed = PipelineParser.parse("p.yaml", yaml);
        assertThat(parsed.problems()).isEmpty();
        Pipeline pipeline = parsed.pipeline().orElseThrow();
        assertThat(pipeline.tasks()).extracting(Task::id).doesNotHaveDuplicates();
        return pipeline;
    }
}
