package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Expressions may compare a task's status with every status that there is. */
class StatusNamesTest {
    @ParameterizedTest
    @EnumSource(TaskStatus.class)
    void expressionsKnowEveryStatus(TaskStatus status) {
        String yaml =
                "id: p\ntasks:\n  - {id: a, shell: x}\n  - {id: b, needs: a, shell: x, if: 'tasks.a.status == \"%s\"'}\n";

        assertThat(PipelineParser.parse("p.yaml", yaml.formatted(RunScope.inWords(status)))
                        .problems())
                .isEmpty();
    }
}
