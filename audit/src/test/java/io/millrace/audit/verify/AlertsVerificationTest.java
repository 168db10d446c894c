package io.millrace.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunId;
import io.millrace.event.Alert;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Alerts about runs that fail: what is right is found to be right, and what is planted is found (G12). */
class AlertsVerificationTest {
    private static final String MESSAGE = "0123456789abcdefghjkmnpqrs";

    /** Everything has been read. */
    private record Whole(boolean whole) implements Coverage {
        @Override
        public boolean precedes(Position record) {
            return false;
        }

        @Override
        public boolean isDealtWith(Position record) {
            return whole;
        }

        @Override
        public boolean isFollowed(Position record) {
            return whole;
        }
    }

    private final ModelLog log = new ModelLog("""
            tasks: [{id: only, shell: "true"}]
            alerts:
              - {id: failed, on: run.failed, to: [pager]}
              - {id: broke, on: task.failed, to: [pager]}
              - {id: odd, on: run.failed, if: run.version > 9, to: [pager]}
            """);

    private Verdict verdict(Predicate<Recorded<?>> dropped, boolean whole) {
        Definitions definitions = new Definitions();
        definitions.add(log.definition());
        Verification verification = new Verification(ModelLog.TOPICS, definitions, Map.of(), Duration.ofDays(7), 100);
        log.records.stream().filter(dropped.negate()).forEach(record -> ModelLog.feed(verification, record));
        return verification.finish(new Whole(whole));
    }

    private List<String> violations(Predicate<Recorded<?>> dropped) {
        return verdict(dropped, true).violations().stream()
                .map(violation -> violation.guarantee() + ": " + violation.sentence())
                .toList();
    }

    private static boolean isSignal(Recorded<?> record, String rule) {
        return record.value() instanceof AlertSignal signal && signal.getRule().equals(rule);
    }

    private RunId fails() {
        RunId run = log.triggered("a");
        log.worked("only"::equals);
        return run;
    }

    /** A message was passed on, or was not. */
    private void message(RunEventType end, boolean told, AlertDeliveryState state) {
        log.write(
                "run-events",
                RunEvent.newBuilder()
                        .setType(RunEventType.RUN_STARTED)
                        .setRunId(MESSAGE)
                        .setPipeline("pager")
                        .setVersion(1)
                        .setSequence(1)
                        .setTrigger(
                                Trigger.newBuilder().setKind(TriggerKind.ALERT).build())
                        .build());
        log.write(
                "run-events",
                RunEvent.newBuilder()
                        .setType(end)
                        .setRunId(MESSAGE)
                        .setPipeline("pager")
                        .setVersion(1)
                        .setSequence(2)
                        .build());
        if (told) {
            log.write(
                    "alert-signals",
                    AlertSignal.newBuilder()
                            .setType(AlertSignalType.DELIVERY_ENDED)
                            .setPipeline("story")
                            .setRule("failed")
                            .setRunId(MESSAGE)
                            .build());
        }
        alert(AlertPhase.OPEN, true, state);
    }

    private void alert(AlertPhase phase, boolean toldRaised, AlertDeliveryState state) {
        log.write(
                "alerts",
                Alert.newBuilder()
                        .setPipeline("story")
                        .setRule("failed")
                        .setPhase(phase)
                        .setToldRaised(toldRaised)
                        .setDeliveries(List.of(AlertDelivery.newBuilder()
                                .setNumber(1)
                                .setRunId(MESSAGE)
                                .setState(state)
                                .build()))
                        .build());
    }

    @Test
    void whatIsAsItShouldBeHasNoViolation() {
        fails();
        alert(AlertPhase.OPEN, true, AlertDeliveryState.PENDING);

        assertThat(violations(record -> false)).isEmpty();
        assertThat(verdict(record -> false, true).rows().get(Guarantee.G12).checked())
                .containsEntry("failures that rules are about", 2L)
                .containsEntry("alerts", 1L);
    }

    @Test
    void aFailureOfWhichNobodyWasToldIsFound() {
        fails();

        assertThat(violations(record -> isSignal(record, "broke")))
                .containsExactly("G12: the alert broke was not told of event 3");
        assertThat(verdict(record -> isSignal(record, "broke"), false).violations())
                .as("what may follow still")
                .isEmpty();
    }

    @Test
    void aFailureThatWasToldTwiceIsFound() {
        fails();
        AlertSignal signal = (AlertSignal) log.records.stream()
                .filter(record -> isSignal(record, "failed"))
                .findFirst()
                .orElseThrow()
                .value();
        log.write("alert-signals", signal);

        assertThat(violations(record -> false)).singleElement().asString().contains("a second time");
    }

    @Test
    void anAlertOfWhichNobodyWasToldIsFound() {
        fails();
        alert(AlertPhase.OPEN, false, AlertDeliveryState.PENDING);

        assertThat(violations(record -> false))
                .containsExactly("G12: the alert story/failed is raised, and its channels were not told");
    }

    @Test
    void aMessageThatHasToWaitForTheOneBeforeIsUnderWay() {
        log.write(
                "alerts",
                Alert.newBuilder()
                        .setPipeline("story")
                        .setRule("failed")
                        .setPhase(AlertPhase.OPEN)
                        .setToldAt(ModelLog.BEGIN)
                        .setIntervalMillis(Duration.ofMinutes(5).toMillis())
                        .build());
        fails();
        assertThat(violations(record -> false)).isEmpty();

        log.passes(Duration.ofMinutes(7));
        log.triggered("later");
        assertThat(violations(record -> false))
                .contains("G12: the alert story/failed is raised, and its channels were not told");
    }

    @Test
    void aMessageWhoseEndIsNotToldIsFound() {
        fails();
        message(RunEventType.RUN_SUCCEEDED, false, AlertDeliveryState.PENDING);

        assertThat(violations(record -> record.value() instanceof RunEvent event
                        && event.getPipeline().equals("none")))
                .contains("G12: a channel's run ended, and its alert was not told");
    }

    @Test
    void aDeliveryThatWasNoneIsFound() {
        fails();
        message(RunEventType.RUN_FAILED, true, AlertDeliveryState.DELIVERED);

        assertThat(violations(record -> false))
                .contains("G12: the message 1 is said to be delivered, and its run did not succeed");
    }
}
