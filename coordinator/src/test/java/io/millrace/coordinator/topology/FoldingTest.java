package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import io.millrace.event.DeadLetterReason;
import io.millrace.pipeline.PipelineParser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Long histories are folded one at a time, by a thread that the test is itself. */
class FoldingTest {
    private static final RunId RUN = new RunId("0123456789abcdefghjkmnpqrs");
    private static final RunId OTHER = new RunId("0123456789abcdefghjkmnpqrt");

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Folding folding = new Folding(waiting::add);

    private static Optional<RunReplay> fold(RunId run) {
        return Optional.of(new RunReplay(
                run,
                PipelineParser.parse("p.yaml", "id: p\ntasks: [{id: a, shell: \"true\"}]")
                        .pipeline()
                        .orElseThrow(),
                1));
    }

    @Test
    void whoeverAsksIsToldToAskAgainUntilItIsDone() throws Exception {
        assertThat(folding.find(RUN, FoldingTest::fold)).isEmpty();
        assertThat(folding.find(RUN, FoldingTest::fold)).isEmpty();
        assertThat(waiting).hasSize(1);
        waiting.remove().run();

        assertThat(folding.find(RUN, FoldingTest::fold)).isPresent();
        assertThat(folding.find(RUN, FoldingTest::fold))
                .as("it is handed out once")
                .isEmpty();
        assertThat(waiting).as("and folded anew").hasSize(1);
    }

    @Test
    void anotherWaitsForItsTurn() throws Exception {
        assertThat(folding.find(RUN, FoldingTest::fold)).isEmpty();
        assertThat(folding.find(OTHER, FoldingTest::fold)).isEmpty();
        waiting.remove().run();
        assertThat(folding.find(OTHER, FoldingTest::fold))
                .as("the first is not taken yet")
                .isEmpty();
        assertThat(folding.find(RUN, FoldingTest::fold)).isPresent();

        assertThat(folding.find(OTHER, FoldingTest::fold)).isEmpty();
        waiting.remove().run();
        assertThat(folding.find(OTHER, FoldingTest::fold)).isPresent();
    }

    @Test
    void whatIsRefusedThereIsRefusedHereAndDoesNotStayInTheWay() throws Exception {
        Folding.Fold refusing = run -> {
            throw new RefusedException(DeadLetterReason.UNKNOWN_RUN, "it is gone");
        };
        assertThat(folding.find(RUN, refusing)).isEmpty();
        waiting.remove().run();

        assertThatThrownBy(() -> folding.find(RUN, refusing))
                .isInstanceOf(RefusedException.class)
                .hasMessage("it is gone");
        assertThat(folding.find(OTHER, FoldingTest::fold)).isEmpty();
        assertThat(waiting).hasSize(1);
    }
}
