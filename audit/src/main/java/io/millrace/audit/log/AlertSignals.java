package io.millrace.audit.log;

import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;

/** What rules have to say of runs, as Avro. */
public final class AlertSignals {
    private AlertSignals() {}

    /** As Avro. @param head of the run that it is about */
    public static AlertSignal toAvro(RunId run, RunHead head, io.millrace.engine.AlertSignal signal) {
        return AlertSignal.newBuilder()
                .setType(AlertSignalType.valueOf(signal.kind().name()))
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setRule(signal.rule().value())
                .setGroup(signal.group())
                .setRunId(run.value())
                .setTask(signal.task() == null ? null : signal.task().value())
                .setDueAt(signal.dueAt())
                .setValue(signal.value())
                .setMessage(signal.message())
                .setFacts(signal.facts().json())
                .setAt(signal.at())
                .build();
    }
}
