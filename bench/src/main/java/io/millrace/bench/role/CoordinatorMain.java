package io.millrace.bench.role;

import io.millrace.coordinator.Coordinator;
import io.millrace.coordinator.CoordinatorConfig;
import java.time.Duration;

/**
 * A coordinator whose settings are its arguments, as {@code key=value}. Says {@code ready PORT} once it answers in full.
 */
public final class CoordinatorMain {
    private CoordinatorMain() {}

    /** Works until standard input ends. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(Parent.settings(arguments)))) {
            if (!coordinator.awaitReady(Duration.ofMinutes(5))) {
                throw new IllegalStateException("The coordinator did not become ready");
            }
            Parent.say(Parent.READY, coordinator.apiPort());
            Parent.awaitEnd();
        }
    }
}
