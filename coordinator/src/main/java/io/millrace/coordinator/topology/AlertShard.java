package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.alert.AlertKey;
import io.millrace.alert.Occurrence;
import io.millrace.alert.Occurrences;
import io.millrace.alert.Terms;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.event.AlertChange;
import io.millrace.event.AlertSignal;
import io.millrace.event.DeadLetterReason;
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
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of one partition's pipelines. What becomes of one is in one transaction with what it follows from and with the messages that it sends:
 * none is lost, and none is sent twice, whoever takes the partition over.
 *
 * <p>A message is passed on by a run of its channel, whose end comes back as a signal.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class AlertShard {
    /** How long what is due may keep the partition from reading records. */
    private static final Duration BUDGET = Duration.ofMillis(200);

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final AlertBook book;
    private final AlertWatches watches;
    private final AppliedPipelines applied;

    AlertShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.applied = new AppliedPipelines(decisions.pipelines());
        this.book = new AlertBook(context, decisions);
        this.watches = new AlertWatches(context.getStateStore(RunTopology.ALERT_WATCHES), decisions.codec());
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
            case DELIVERY_ENDED -> book.get(of).map(known -> () -> book.delivered(known, signal));
            case ACKNOWLEDGE, RESOLVE, SILENCE -> Optional.of(ofPeople(known(of), signal));
            case UNKNOWN -> throw new IllegalArgumentException("the type of the signal is not known to this version");
        };
    }

    private AlertRecords.Known known(AlertKey key) throws RefusedException {
        return book.get(key)
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.INVALID_TRIGGER, "there is no alert " + key + ", or it is forgotten"));
    }

    private Runnable ofPeople(AlertRecords.Known known, AlertSignal signal) {
        String by = signal.getBy().orElse(null);
        String reason = signal.getReason().orElse(null);
        return switch (signal.getType()) {
            case ACKNOWLEDGE ->
                () -> book.change(
                        known, AlertChange.ACKNOWLEDGED, alert -> alert.acknowledged(signal.getAt(), by, reason));
            case RESOLVE ->
                () -> book.change(known, AlertChange.RESOLVED, alert -> alert.resolved(signal.getAt(), by, reason));
            default ->
                () -> book.change(
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
            case FAULT -> () -> book.happened(key, terms, alert -> alert.happened(what, terms));
            case HAPPENED -> {
                if (rule.cause() instanceof AlertCause.Silence silence) {
                    yield () -> heard(key, silence, signal, what);
                }
                double number = signal.getValue().orElse(1d); // Of a rate it counts that it was so.
                yield terms.measure().isPresent()
                        ? () -> book.happened(key, terms, alert -> alert.measured(what, number, terms))
                        : () -> book.happened(key, terms, alert -> alert.happened(what, terms));
            }
            default ->
                isRate(terms)
                        ? () -> book.happened(key, terms, alert -> alert.measured(what, 0, terms))
                        : () -> book.get(key)
                                .ifPresent(known -> book.change(
                                        known, AlertChange.RESOLVED, alert -> alert.well(signal.getAt(), what.text())));
        };
    }

    private static AlertWatches.Key watched(AlertKey key, AlertSignal signal) {
        return new AlertWatches.Key(
                key.pipeline(), key.rule(), signal.getRunId().orElse(""));
    }

    private static boolean isRate(Terms terms) {
        return terms.measure()
                .filter(measure -> measure.kind() == AlertMeasure.Kind.RATE)
                .isPresent();
    }

    private void ended(AlertKey key, AlertSignal signal, Occurrence what) {
        AlertWatches.Key watched = watched(key, signal);
        Optional<StoredWatch> watch = watches.get(watched);
        watches.remove(watched);
        if (watch.isPresent() && watch.get().getRaised()) {
            book.get(key)
                    .ifPresent(known -> book.change(
                            known, AlertChange.RESOLVED, alert -> alert.ended(signal.getAt(), what.text())));
        }
    }

    /** What was expected has happened. */
    private void heard(AlertKey key, AlertCause.Silence silence, AlertSignal signal, Occurrence what) {
        expect(
                AlertWatches.Key.expected(key.pipeline(), key.rule()),
                signal.getVersion(),
                silence,
                signal.getAt(),
                false);
        book.get(key)
                .ifPresent(known ->
                        book.change(known, AlertChange.RESOLVED, alert -> alert.well(signal.getAt(), what.text())));
    }

    /** From now on it is waited for. @param raised whether it has been told already that it is missed */
    private void expect(AlertWatches.Key key, int version, AlertCause.Silence silence, Instant since, boolean raised) {
        watches.put(
                key,
                StoredWatch.newBuilder()
                        .setVersion(version)
                        .setSince(since)
                        .setDueAt(since.plus(silence.within()))
                        .setRaised(raised)
                        .build());
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
        if (book.lookAtDue(deadline) | any) {
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
        book.happened(key, terms, alert -> watched.isOfRun() ? alert.late(what, terms) : alert.happened(what, terms));
    }

    /** Whether what a pipeline's rules expect has changed. */
    private boolean lookAtApplied() {
        boolean any = false;
        int partition = context.taskId().partition();
        for (PipelineVersion version : applied.since(id -> decisions.isDecidedOn(partition, id))) {
            any |= lookAt(version);
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
                    Instant since = known.map(StoredWatch::getSince).orElse(version.appliedAt());
                    boolean raised = known.filter(StoredWatch::getRaised).isPresent()
                            && !since.plus(silence.within()).isAfter(now());
                    expect(key, version.version(), silence, since, raised);
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
        for (AlertRecords.Known known : book.of(version.id())) {
            AlertKey key = known.alert().key();
            if (version.pipeline().alerts().rule(key.rule()).isEmpty()) {
                if (known.alert().phase().isRaised()) {
                    String why = "version " + version.version() + " of the pipeline has no such rule";
                    book.change(known, AlertChange.RESOLVED, alert -> alert.resolved(now(), null, why));
                } else if (known.alert().dueAt(now()).isEmpty()) {
                    book.forget(key);
                }
                any = true;
            }
        }
        return any;
    }

    /** Forgets what has been well for as long as ended runs are remembered. */
    void forgetOld() {
        book.forgetOld();
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
