package io.millrace.coordinator.api;

import io.millrace.coordinator.alert.Alerts;
import io.millrace.coordinator.backfill.Backfills;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.deadletter.DeadLetterBox;
import io.millrace.coordinator.deadletter.Replay;
import io.millrace.coordinator.fleet.QueueBoard;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.listen.TriggerProgress;
import io.millrace.coordinator.logs.TaskLogs;
import io.millrace.coordinator.metrics.Measurements;
import io.millrace.coordinator.pause.Pauses;
import io.millrace.coordinator.pool.Pools;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.webhook.Webhooks;
import java.util.List;

/**
 * What the API serves. It closes none of it.
 *
 * @param catalogue the pipelines
 * @param pauses which of their triggers are paused
 * @param pools the slots that pipelines share
 * @param backfills what makes up for their ticks
 * @param alerts what somebody is told of
 * @param progress how far they have read topics
 * @param history the runs
 * @param webhooks judges what comes to webhooks
 * @param starter takes what is asked of the run engine
 * @param workers those who execute tasks
 * @param queues where tasks wait for them
 * @param deadLetters what could not be read or accepted
 * @param replay sends some of that again
 * @param logs what tasks wrote
 * @param measurements what {@code /metrics} tells
 * @param checks what {@code /readyz} asks
 */
public record ApiParts(
        PipelineCatalogue catalogue,
        Pauses pauses,
        Pools pools,
        Backfills backfills,
        Alerts alerts,
        TriggerProgress progress,
        History history,
        Webhooks webhooks,
        RunStarter starter,
        WorkerDirectory workers,
        QueueBoard queues,
        DeadLetterBox deadLetters,
        Replay replay,
        TaskLogs logs,
        Measurements measurements,
        List<ReadinessCheck> checks) {}
