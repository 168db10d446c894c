package io.millrace.bench.workload;

import io.millrace.bench.lab.LabException;
import java.time.Duration;

/** Lets time pass while the platform works. */
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }
}
