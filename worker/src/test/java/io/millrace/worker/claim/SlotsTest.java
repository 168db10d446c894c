package io.millrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.StopSignal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(2);

    @Test
    void givesNoMoreThanThereAre() throws InterruptedException {
        slots.occupy(id("a"));
        assertThat(slots.fullFor(Duration.ZERO)).isFalse();
        slots.occupy(id("b"));
        assertThat(slots.free()).isZero();
        assertThat(slots.awaitFree(Duration.ofMillis(1))).isFalse();
        assertThatThrownBy(() -> slots.occupy(id("c"))).isInstanceOf(IllegalStateException.class);
        slots.free(id("a"));
        assertThat(slots.awaitFree(Duration.ofMillis(1))).isTrue();
        assertThat(slots.holds(id("b"))).isTrue();
    }

    @Test
    void keepsTheSlotOfWhatIsReportedAndStillRuns() throws InterruptedException {
        slots.occupy(id("a"));
        assertThat(slots.awaitReported(Duration.ofMillis(1))).isFalse();
        slots.reported();
        assertThat(slots.awaitReported(Duration.ofMillis(1))).isTrue();
        assertThat(slots.busy()).isEqualTo(1);
    }

    @Test
    void stopsExactlyTheDeliveryThatIsMeant() {
        StopSignal a = slots.occupy(id("a"));
        StopSignal b = slots.occupy(id("b"));
        assertThat(slots.stop(new DeliveryId("a", "t", 1, 2), StopSignal.Reason.CANCELLED, "x"))
                .isFalse();
        assertThat(slots.stop(id("a"), StopSignal.Reason.CANCELLED, "x")).isTrue();
        assertThat(a.requested()).isPresent();
        assertThat(b.requested()).isEmpty();
    }

    @Test
    void appliesACancellationThatCameBeforeTheSlot() {
        Cancellations cancellations = new Cancellations(slots);
        cancellations.add(id("a"), "why");
        assertThat(cancellations.contains(id("a"))).isTrue();
        StopSignal stop = slots.occupy(id("a"));
        cancellations.applyTo(id("a"), stop);
        assertThat(stop.requested()).contains(new StopSignal.Request(StopSignal.Reason.CANCELLED, "Cancelled: why"));
    }

    private static DeliveryId id(String run) {
        return new DeliveryId(run, "t", 1, 1);
    }
}
