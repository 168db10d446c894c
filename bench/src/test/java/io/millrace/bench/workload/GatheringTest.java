package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.lab.LabException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final Runnable ALL_IS_WELL = () -> {};

    private final Gathering<String> gathering = new Gathering<>(2);

    @Test
    void givesAllOfThemAsTheyCame() {
        gathering.add("b");
        gathering.add("a");

        assertThat(gathering.await(Duration.ZERO, ALL_IS_WELL)).containsExactly("b", "a");
    }

    @Test
    void saysHowManyWereThereWhenTheTimeIsUp() {
        gathering.add("a");

        assertThatThrownBy(() -> gathering.await(Duration.ZERO, ALL_IS_WELL))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Of 2 runs only 1 ended");
    }

    @Test
    void saysWhatWentWrong() {
        gathering.fail(new IllegalStateException("the API has gone"));

        assertThatThrownBy(() -> gathering.await(Stand.PATIENCE, ALL_IS_WELL))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("the API has gone");
    }

    @Test
    void waitsNoLongerWhenTheCheckFindsThatThereIsNothingToWaitFor() {
        assertThatThrownBy(() -> gathering.await(Stand.PATIENCE, () -> {
                    throw new LabException("the worker has ended");
                }))
                .isInstanceOf(LabException.class)
                .hasMessage("the worker has ended");
    }
}
