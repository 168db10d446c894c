package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LargePipelineTest {
    private static final int LAYERS = 50;
    private static final int WIDTH = 40;

    @Test
    @Timeout(60)
    void twoThousandTasksInFiftyLayersAreReadWithinReason() {
        String source = layers();
        Instant begin = Instant.now();
        Pipeline pipeline = PipelineParser.parse("large.yaml", source).orElseThrow();
        Duration taken = Duration.between(begin, Instant.now());
        System.out.printf("2,000 tasks, 1,960 conditions, %,d bytes: %d ms%n", source.length(), taken.toMillis());
        assertThat(pipeline.tasks()).hasSize(LAYERS * WIDTH);
        assertThat(pipeline.roots(Stage.MAIN)).hasSize(WIDTH);
        assertThat(pipeline.dependents(new TaskId("l0_t0"))).hasSize(2);
        assertThat(taken).isLessThan(Duration.ofSeconds(30));
    }

    private static String layers() {
        StringBuilder yaml = new StringBuilder("id: large\ninputs: {t: {type: number, default: 1}}\ntasks:\n");
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int i = 0; i < WIDTH; i++) {
                yaml.append("- id: l%d_t%d\n  shell: ':'\n".formatted(layer, i));
                if (layer > 0) {
                    yaml.append("  needs: [l%1$d_t%2$d, l%1$d_t%3$d]\n".formatted(layer - 1, i, (i + 1) % WIDTH));
                    yaml.append("  if: tasks.l%d_t%d.output.x >= inputs.t\n".formatted(layer - 1, i));
                }
            }
        }
        return yaml.toString();
    }
}
