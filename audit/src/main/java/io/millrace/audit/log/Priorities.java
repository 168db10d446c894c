package io.millrace.audit.log;

import io.millrace.pipeline.Priority;

/** Priorities of runs as the engine's values and as Avro: what is written is read back the same. */
public final class Priorities {
    private Priorities() {}

    /** As Avro. */
    public static io.millrace.event.Priority toAvro(Priority priority) {
        return switch (priority) {
            case LOW -> io.millrace.event.Priority.LOW;
            case NORMAL -> io.millrace.event.Priority.NORMAL;
            case HIGH -> io.millrace.event.Priority.HIGH;
        };
    }

    /** As the engine's value; one that is not known is normal, as is that of a record that says none. */
    public static Priority fromAvro(io.millrace.event.Priority avro) {
        return switch (avro) {
            case LOW -> Priority.LOW;
            case NORMAL, UNKNOWN -> Priority.NORMAL;
            case HIGH -> Priority.HIGH;
        };
    }
}
