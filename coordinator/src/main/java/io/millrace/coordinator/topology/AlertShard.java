package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.alert.Alert;
import io.millrace.alert.AlertKey;
import io.millrace.alert.Message;
import io.millrace.alert.MessageKind;
import io.millrace.alert.Occurrence;
import io.millrace.alert.Occurrences;
import io.millrace.alert.Terms;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.event.AlertChange;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertMessageKind;
import io.millrace.event.AlertSignal;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.RunOutcome;
import io.millrace.expression.Document;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.AlertMeasure;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import io.millrace.state.StoredWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerts of one partition's pipelines. What becomes of one is in one transaction with what it follows from and with the messages that it sends:
 * none is lost, and none is sent twice, whoever takes the partition over.
 *
 * <p>A message is passed on by a run of its channel, whose end comes back as a signal.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class AlertShard {
    private static final Logger log = LoggerFactory.getLogger(AlertShard.class);

    /** How long what is due may keep the partition from reading records. */
    private static final Duration BUDGET = Duration.ofMillis(200);

    /** The group of all those for which a rule may have no alert of their own. */
    static final String OTHERS = "(others)";

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final AlertRecords records;
    private final AlertWatches watches;
    private final Agenda<AlertKey> agenda = new Agenda<>();
    private int applied;

    AlertShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.records = new AlertRecords(context.getStateStore(RunTopology.ALERTS), decisions.codec());
        this.watches = new AlertWatches(context.getStateStore(RunTopology.ALERT_WATCHES), decisions.codec());
        records.all().forEach(known -> plan(known.alert()));
    }

    /**
     * Something is said of an alert.
     *
     * @return what has to be carried out; empty when nothing follows
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     * @throws RefusedException when somebody asks something of an alert that is not known
     */
    Optional<Runnable> decide(byte @Nullable [] key, AlertSignal signal) throws RefusedException {
        if (key == null || !signal.getPipeline().equals(new String(key, UTF_8))) {
            throw new IllegalArgumentException("the record's key is not its pipeline, '" + signal.getPipeline() + "'");
        }
        AlertKey of =
                new AlertKey(new PipelineId(signal.getPipeline()), new AlertId(signal.getRule()), signal.getGroup());
        return switch (signal.getType()) {
            case HAPPENED, CALM, FAULT, RUN_BEGAN, RUN_ENDED -> Optional.of(ofRule(of, signal));
            case DELIVERY_ENDED -> records.get(of).map(known -> () -> delivered(known, signal));
            case ACKNOWLEDGE, RESOLVE, SILENCE -> Optional.of(ofPeople(known(of), signal));
            case UNKNOWN -> throw new IllegalArgumentException("the type of the signal is not known to this version");
        };
    }

    private AlertRecords.Known known(AlertKey key) throws RefusedException {
        return records.get(key)
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.INVALID_TRIGGER, "there is no alert " + key + ", or it is forgotten"));
    }

    private Runnable ofPeople(AlertRecords.Known known, AlertSignal signal) {
        String by = signal.getBy().orElse(null);
        String reason = signal.getReason().orElse(null);
        return switch (signal.getType()) {
            case ACKNOWLEDGE ->
                () -> change(known, AlertChange.ACKNOWLEDGED, alert -> alert.acknowledged(signal.getAt(), by, reason));
            case RESOLVE ->
                () -> change(known, AlertChange.RESOLVED, alert -> alert.resolved(signal.getAt(), by, reason));
            default ->
                () -> change(
                        known,
                        AlertChange.SILENCED,
                        alert -> alert.silenced(signal.getUntil().orElse(null)));
        };
    }

    private Runnable ofRule(AlertKey key, AlertSignal signal) {
        AlertRule rule = decisions
                .pipelines()
                .version(key.pipeline(), signal.getVersion())
                .flatMap(version -> version.pipeline().alerts().rule(key.rule()))
                .orElseThrow(() -> new IllegalArgumentException("version " + signal.getVersion() + " of the pipeline "
                        + key.pipeline() + " has no alert " + key.rule()));
        Document.parse(signal.getFacts()); // What is no object is refused before it is stored.
        Terms terms = Terms.of(rule);
        Occurrence what = Occurrences.of(
                new RunId(signal.getRunId().orElse("")),
                signal.getTask().map(TaskId::new).orElse(null),
                signal.getAt(),
                signal.getMessage().orElse(null),
                Document.stored(signal.getFacts()));
        return switch (signal.getType()) {
            case RUN_BEGAN ->
                () -> watches.put(
                        watched(key, signal),
                        StoredWatch.newBuilder()
                                .setVersion(signal.getVersion())
                                .setSince(signal.getAt())
                                .setDueAt(signal.getDueAt().orElse(signal.getAt()))
                                .setFacts(signal.getFacts())
                                .build());
            case RUN_ENDED -> () -> ended(key, signal, what);
            case FAULT -> () -> happened(key, what, terms);
            case HAPPENED -> {
                if (rule.cause() instanceof AlertCause.Silence silence) {
                    yield () -> heard(key, silence, signal, what);
                }
                yield terms.measure().isPresent()
                        ? () -> measured(key, what, signal.getValue().orElse(1d), terms)
                        : () -> happened(key, what, terms);
            }
            default ->
                isRate(terms)
                        ? () -> measured(key, what, 0, terms)
                        : () -> records.get(key)
                                .ifPresent(known -> change(
                                        known, AlertChange.RESOLVED, alert -> alert.well(signal.getAt(), what.text())));
        };
    }

    private static AlertWatches.Key watched(AlertKey key, AlertSignal signal) {
        return new AlertWatches.Key(
                key.pipeline(), key.rule(), signal.getRunId().orElse(""));
    }

    private void happened(AlertKey asked, Occurrence what, Terms terms) {
        AlertKey key = withRoom(asked);
        AlertRecords.Known known =
                records.get(key).orElseGet(() -> new AlertRecords.Known(Alert.quiet(key, terms, now()), List.of()));
        change(known, AlertChange.RAISED, alert -> alert.happened(what, terms));
    }

    private static boolean isRate(Terms terms) {
        return terms.measure()
                .filter(measure -> measure.kind() == AlertMeasure.Kind.RATE)
                .isPresent();
    }

    private void measured(AlertKey asked, Occurrence what, double number, Terms terms) {
        AlertKey key = withRoom(asked);
        AlertRecords.Known known =
                records.get(key).orElseGet(() -> new AlertRecords.Known(Alert.quiet(key, terms, now()), List.of()));
        change(known, AlertChange.RAISED, alert -> alert.measured(what, number, terms));
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

    private void forget(AlertKey key) {
        records.remove(key);
        agenda.remove(key);
        context.forward(decisions.writer().forgottenAlert(key.toString(), now()), RunTopology.WRITE_ALERTS);
    }

    private void ended(AlertKey key, AlertSignal signal, Occurrence what) {
        AlertWatches.Key watched = watched(key, signal);
        Optional<StoredWatch> watch = watches.get(watched);
        watches.remove(watched);
        if (watch.isPresent() && watch.get().getRaised()) {
            records.get(key)
                    .ifPresent(known ->
                            change(known, AlertChange.RESOLVED, alert -> alert.ended(signal.getAt(), what.text())));
        }
    }

    /** What was expected has happened. */
    private void heard(AlertKey key, AlertCause.Silence silence, AlertSignal signal, Occurrence what) {
        expect(AlertWatches.Key.expected(key.pipeline(), key.rule()), signal.getVersion(), silence, signal.getAt());
        records.get(key)
                .ifPresent(
                        known -> change(known, AlertChange.RESOLVED, alert -> alert.well(signal.getAt(), what.text())));
    }

    private void expect(AlertWatches.Key key, int version, AlertCause.Silence silence, Instant since) {
        watches.put(
                key,
                StoredWatch.newBuilder()
                        .setVersion(version)
                        .setSince(since)
                        .setDueAt(since.plus(silence.within()))
                        .build());
    }

    /** A channel's run has ended, or could not be started. */
    private void delivered(AlertRecords.Known known, AlertSignal signal) {
        boolean passed = signal.getOutcome().orElse(RunOutcome.UNKNOWN) == RunOutcome.SUCCEEDED;
        boolean any = false;
        List<AlertDelivery> deliveries = new ArrayList<>(known.deliveries());
        for (int i = 0; i < deliveries.size(); i++) {
            AlertDelivery delivery = deliveries.get(i);
            if (delivery.getRunId().equals(signal.getRunId())) {
                // A run of a channel that is opened again by hand may still pass it on.
                any = delivery.getState() != AlertDeliveryState.DELIVERED;
                deliveries.set(
                        i,
                        AlertDelivery.newBuilder(delivery)
                                .setState(passed ? AlertDeliveryState.DELIVERED : AlertDeliveryState.UNDELIVERED)
                                .setReason(passed ? null : signal.getReason().orElse(null))
                                .setEndedAt(signal.getAt())
                                .build());
            }
        }
        if (any) {
            if (!passed) {
                log.warn(
                        "A message about the alert {} could not be passed on by the run {} of its channel: {}",
                        known.alert().key(),
                        signal.getRunId().orElse(""),
                        signal.getReason().orElse(""));
            }
            keep(
                    new AlertRecords.Known(known.alert(), deliveries),
                    passed ? AlertChange.DELIVERED : AlertChange.UNDELIVERED);
        }
    }

    /** Changes an alert, and tells its channels what they have to be told now. */
    private void change(AlertRecords.Known known, AlertChange change, UnaryOperator<Alert> to) {
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

    private void look(AlertRecords.Known known) {
        Alert before = known.alert();
        Alert.Step step = before.look(now());
        MessageKind message = step.message();
        if (message != null) {
            List<AlertDelivery> sent = send(new Message(before, message, now()));
            keep(known.as(step.alert()).sent(sent), AlertChange.TOLD);
        } else if (!step.alert().equals(before)) {
            keep(known.as(step.alert()), AlertChange.RESOLVED);
        }
    }

    private List<AlertDelivery> send(Message message) {
        Document document = message.document(null);
        List<AlertDelivery> deliveries = new ArrayList<>();
        for (PipelineId channel : message.alert().terms().to()) {
            boolean there = decisions
                    .pipelines()
                    .current(channel, PolledRecords.lastPollNanos())
                    .isPresent();
            AlertDelivery.Builder delivery = AlertDelivery.newBuilder()
                    .setNumber(message.number())
                    .setKind(AlertMessageKind.valueOf(message.kind().name()))
                    .setChannel(channel.value())
                    .setAt(now());
            if (there) {
                RunCommand start = AlertMessages.send(channel, message, document, now());
                String trace = start.getTrigger()
                        .flatMap(trigger -> trigger.getTraceparent())
                        .orElse(null);
                context.forward(decisions.writer().command(start, trace, now()), RunTopology.WRITE_ENGINE_COMMANDS);
                delivery.setRunId(start.getRunId()).setState(AlertDeliveryState.PENDING);
            } else {
                log.info(
                        "There is no channel {} for the alert {}",
                        channel,
                        message.alert().key());
                delivery.setState(AlertDeliveryState.UNDELIVERED)
                        .setReason("there is no channel " + channel)
                        .setEndedAt(now());
            }
            deliveries.add(delivery.build());
        }
        return deliveries;
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

    /** Looks at what was applied since, then at what is due, what has been due for longest first, until the budget is spent. */
    void fire() {
        boolean any = lookAtApplied();
        Instant now = now();
        Instant deadline = now.plus(BUDGET);
        Optional<AlertWatches.Key> watch = watches.due(now);
        while (watch.isPresent()) {
            passed(watch.get());
            any = true;
            watch = now().isBefore(deadline) ? watches.due(now) : Optional.empty();
        }
        Optional<AlertKey> due = agenda.due(now);
        while (due.isPresent()) {
            agenda.remove(due.get());
            records.get(due.get()).ifPresent(this::look);
            any = true;
            due = now().isBefore(deadline) ? agenda.due(now) : Optional.empty();
        }
        if (any) {
            context.commit();
        }
    }

    /** The moment has come, and what was waited for has not happened. */
    private void passed(AlertWatches.Key watched) {
        StoredWatch watch = watches.get(watched).orElseThrow();
        Optional<AlertRule> rule = decisions
                .pipelines()
                .version(watched.pipeline(), watch.getVersion())
                .flatMap(version -> version.pipeline().alerts().rule(watched.rule()));
        if (rule.isEmpty()) {
            watches.remove(watched);
            return;
        }
        watches.put(watched, StoredWatch.newBuilder(watch).setRaised(true).build());
        AlertKey key = new AlertKey(watched.pipeline(), watched.rule(), "");
        Terms terms = Terms.of(rule.get());
        Document facts = Document.stored(watch.getFacts());
        Occurrence what = rule.get().cause() instanceof AlertCause.Silence silence
                ? Occurrences.silent(watched.pipeline(), silence, watch.getSince(), now())
                : Occurrences.late(new RunId(watched.run()), watch.getDueAt(), now(), facts);
        AlertRecords.Known known =
                records.get(key).orElseGet(() -> new AlertRecords.Known(Alert.quiet(key, terms, now()), List.of()));
        change(
                known,
                AlertChange.RAISED,
                alert -> watched.isOfRun() ? alert.late(what, terms) : alert.happened(what, terms));
    }

    /** Whether what a pipeline's rules expect has changed. */
    private boolean lookAtApplied() {
        boolean any = false;
        List<String> pipelines = decisions.pipelines().appliedAfter(applied);
        applied += pipelines.size();
        for (String pipeline : new HashSet<>(pipelines)) {
            if (decisions.isDecidedOn(context.taskId().partition(), pipeline)) {
                Optional<PipelineVersion> version = decisions.pipelines().known(new PipelineId(pipeline));
                any |= version.isPresent() && lookAt(version.get());
            }
        }
        return any;
    }

    private boolean lookAt(PipelineVersion version) {
        boolean any = false;
        Set<AlertWatches.Key> gone = new HashSet<>(watches.expected(version.id()));
        for (AlertRule rule : version.pipeline().alerts().all()) {
            if (rule.cause() instanceof AlertCause.Silence silence) {
                AlertWatches.Key key = AlertWatches.Key.expected(version.id(), rule.id());
                gone.remove(key);
                Optional<StoredWatch> known = watches.get(key);
                if (known.isEmpty() || known.get().getVersion() < version.version()) {
                    expect(
                            key,
                            version.version(),
                            silence,
                            known.map(StoredWatch::getSince).orElse(version.appliedAt()));
                    any = true;
                }
            }
        }
        gone.forEach(watches::remove);
        return any | !gone.isEmpty() | dropRules(version);
    }

    /** What no rule is about any more is well, and forgotten when nobody has to be told of that. */
    private boolean dropRules(PipelineVersion version) {
        boolean any = false;
        for (AlertRecords.Known known : records.all()) {
            AlertKey key = known.alert().key();
            if (key.pipeline().equals(version.id())
                    && version.pipeline().alerts().rule(key.rule()).isEmpty()) {
                if (known.alert().phase().isRaised()) {
                    String why = "version " + version.version() + " of the pipeline has no such rule";
                    change(known, AlertChange.RESOLVED, alert -> alert.resolved(now(), null, why));
                } else if (known.alert().dueAt(now()).isEmpty()) {
                    forget(key);
                }
                any = true;
            }
        }
        return any;
    }

    /** Forgets what has been well for as long as ended runs are remembered. */
    void forgetOld() {
        boolean any = false;
        for (AlertRecords.Known known : records.all()) {
            AlertKey key = known.alert().key();
            if (known.alert().isForgotten(decisions.dedupeRetention(), now())) {
                forget(key);
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
