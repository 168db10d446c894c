package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.lab.LabException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnderWayTest {
    private static final Runnable ALL_IS_WELL = () -> {};

    @Test
    void letsOneGoOnWhenFewEnoughAreUnderWay() {
        UnderWay underWay = new UnderWay(Duration.ZERO);
        underWay.started();
        underWay.started();
        underWay.arrived();

        assertThatCode(() -> underWay.awaitAtMost(1, ALL_IS_WELL)).doesNotThrowAnyException();
    }

    @Test
    void letsOneGoOnAsSoonAsTheyArrive() {
        UnderWay underWay = new UnderWay(Stand.PATIENCE);
        underWay.started();

        assertThatCode(() -> underWay.awaitAtMost(0, underWay::arrived)).doesNotThrowAnyException();
    }

    @Test
    void saysHowManyDoNotComeOn() {
        UnderWay underWay = new UnderWay(Duration.ZERO);
        underWay.started();
        underWay.started();

        assertThatThrownBy(() -> underWay.awaitAtMost(0, ALL_IS_WELL))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("Of 2 runs none has come on");
    }

    @Test
    void saysThatOneCouldNotBeStarted() {
        UnderWay underWay = new UnderWay(Stand.PATIENCE);
        underWay.fail(new IllegalStateException("429"));

        assertThatThrownBy(() -> underWay.awaitAtMost(0, ALL_IS_WELL))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("429");
    }
}
