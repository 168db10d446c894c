package io.millrace.coordinator.topology;

import io.millrace.alert.Alert;
import io.millrace.alert.AlertKey;
import io.millrace.alert.Message;
import io.millrace.alert.MessageKind;
import io.millrace.alert.Terms;
import io.millrace.event.AlertChange;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertSignal;
import io.millrace.pipeline.PipelineId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The alerts of one partition: each change is kept, shown, and told to those who are to be told, in the transaction of what led to it.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class AlertBook {
    /** The group of all those for which a rule may have no alert of their own. */
    static final String OTHERS = "(others)";

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final AlertRecords records;
    private final AlertSender sender;
    private final Agenda<AlertKey> agenda = new Agenda<>();

    AlertBook(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.records = new AlertRecords(context.getStateStore(RunTopology.ALERTS), decisions.codec());
        this.sender = new AlertSender(context, decisions);
        records.all().forEach(known -> plan(known.alert()));
    }

    Optional<AlertRecords.Known> get(AlertKey key) {
        return records.get(key);
    }

    /** The alerts of a pipeline. */
    List<AlertRecords.Known> of(PipelineId pipeline) {
        return records.of(pipeline);
    }

    /** Something happened that may raise an alert, or may show that it is well: it is there from now on. */
    void happened(AlertKey asked, Terms terms, UnaryOperator<Alert> to) {
        AlertKey key = withRoom(asked);
        AlertRecords.Known known =
                records.get(key).orElseGet(() -> new AlertRecords.Known(Alert.quiet(key, terms, now()), List.of()));
        change(known, AlertChange.RAISED, to);
    }

    /** The same, where the rule may have one more alert; or else that of all others, unless one that is well can be forgotten for it. */
    private AlertKey withRoom(AlertKey key) {
        if (!records.isOneTooMany(key)) {
            return key;
        }
        Optional<AlertKey> well = records.oldestWell(key, now());
        well.ifPresent(this::forget);
        return well.isPresent() ? key : new AlertKey(key.pipeline(), key.rule(), OTHERS);
    }

    /** Changes an alert, and tells its channels what they have to be told now. */
    void change(AlertRecords.Known known, AlertChange change, UnaryOperator<Alert> to) {
        Alert before = known.alert();
        Alert after = to.apply(before);
        if (after.equals(before)) {
            return;
        }
        boolean shown = after.phase() != before.phase() || change == AlertChange.SILENCED;
        AlertRecords.Known changed = known.as(after);
        keep(changed, shown ? named(change, after) : AlertChange.COUNTED);
        look(changed);
    }

    /** What happens may also show that all is well again. */
    private static AlertChange named(AlertChange change, Alert after) {
        return change == AlertChange.RAISED && !after.phase().isRaised() ? AlertChange.RESOLVED : change;
    }

    /** A channel's run has ended, or could not be started. */
    void delivered(AlertRecords.Known known, AlertSignal signal) {
        AlertSender.ended(known, signal)
                .ifPresent(changed ->
                        keep(changed, AlertSender.isPassed(signal) ? AlertChange.DELIVERED : AlertChange.UNDELIVERED));
    }

    /** Tells what is due, what has been due for longest first. @return whether anything was, until the deadline */
    boolean lookAtDue(Instant deadline) {
        boolean any = false;
        Optional<AlertKey> due = agenda.due(now());
        while (due.isPresent()) {
            any = true;
            agenda.remove(due.get());
            records.get(due.get()).ifPresent(this::look);
            due = now().isBefore(deadline) ? agenda.due(now()) : Optional.empty();
        }
        return any;
    }

    private void look(AlertRecords.Known known) {
        Alert before = known.alert();
        Alert.Step step = before.look(now());
        MessageKind message = step.message();
        if (message != null) {
            List<AlertDelivery> sent = sender.send(new Message(before, message, now()), now());
            keep(known.as(step.alert()).sent(sent), AlertChange.TOLD);
        } else if (step.alert().equals(before)) {
            plan(before);
        } else {
            keep(known.as(step.alert()), AlertChange.RESOLVED);
        }
    }

    private void keep(AlertRecords.Known known, AlertChange change) {
        io.millrace.event.Alert stored = records.put(known, change);
        plan(known.alert());
        if (change != AlertChange.COUNTED) {
            context.forward(
                    decisions.writer().alert(known.alert().key().toString(), stored, now()), RunTopology.WRITE_ALERTS);
        }
    }

    private void plan(Alert alert) {
        alert.dueAt(now()).ifPresentOrElse(at -> agenda.put(alert.key(), at), () -> agenda.remove(alert.key()));
    }

    /** There is no such alert any more. */
    void forget(AlertKey key) {
        records.remove(key);
        agenda.remove(key);
        context.forward(decisions.writer().forgottenAlert(key.toString(), now()), RunTopology.WRITE_ALERTS);
    }

    /** Forgets what has been well for as long as ended runs are remembered. */
    void forgetOld() {
        boolean any = false;
        for (AlertRecords.Known known : records.all()) {
            if (known.alert().isForgotten(decisions.dedupeRetention(), now())) {
                forget(known.alert().key());
                any = true;
            }
        }
        if (any) {
            context.commit();
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
