package io.millrace.coordinator.topology;

import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What led to an event. */
final class Causes {
    private Causes() {}

    static Cause record(RecordMetadata record) {
        return Cause.newBuilder()
                .setKind(CauseKind.RECORD)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setDetail(null) // Said, because a builder copies the default of whatever is not.
                .build();
    }

    static Cause timer(String detail) {
        return Cause.newBuilder().setKind(CauseKind.TIMER).setDetail(detail).build();
    }

    static Cause lease(String detail) {
        return Cause.newBuilder().setKind(CauseKind.LEASE).setDetail(detail).build();
    }
}
