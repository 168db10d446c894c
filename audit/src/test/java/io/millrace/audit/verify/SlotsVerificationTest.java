package io.millrace.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunSlot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Runs of a pipeline of which one may be under way: what is right is found to be right, and what is planted is found (G11). */
class SlotsVerificationTest {
    private static final Coverage ALL = new Coverage() {
        @Override
        public boolean precedes(Position record) {
            return false;
        }

        @Override
        public boolean isDealtWith(Position record) {
            return true;
        }

        @Override
        public boolean isFollowed(Position record) {
            return true;
        }
    };

    private static final String TASKS = """
            tasks:
              - {id: first, shell: "true"}
              - {id: last, needs: [first], shell: "true"}
            """;

    private ModelLog log = new ModelLog("concurrency: 1\n" + TASKS);

    @Test
    void runsThatHadTheirTurnsAreRight() {
        log.triggered("a");
        log.triggered("b");
        log.triggered("c");
        log.worked();

        Verdict verdict = verdict();

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.rows().get(Guarantee.G11).checked()).isEqualTo(Map.of("slots", 3L));
        assertThat(verdict.rows().get(Guarantee.G5).checked()).containsEntry("ends of runs", 3L);
    }

    @Test
    void aRunThatIsOpenedAgainHasAnotherTurn() {
        log.triggered("a");
        log.worked("last"::equals);
        log.rerun(log.triggered("b"));
        log.worked();

        assertThat(verdict().violations()).isEmpty();
    }

    @Test
    void aRunThatWaitsIsUnderWay() {
        log.triggered("a");
        log.triggered("b");

        Verdict verdict = verdict();

        assertThat(verdict.underWay()).containsEntry("runs that wait for a slot", 1L);
        assertThat(verdict.rows().get(Guarantee.G5).violations()).isZero();
    }

    @Test
    void findsMoreRunsThanMayBeUnderWay() {
        log.slotsGiven = 2;
        log.triggered("a");
        log.triggered("b");
        log.worked();

        assertViolated("it was run 2 of the pipeline story that was under way, and the limit was 1");
    }

    @Test
    void findsMoreRunsThanAPoolHasSlots() {
        log = new ModelLog("concurrency: {pool: shared}\n" + TASKS);
        log.triggered("a");
        log.triggered("b");
        log.worked();
        assertThat(verdict().violations()).isEmpty();

        log.slotsGiven = 2;
        log.triggered("c");
        log.triggered("d");
        log.worked();

        assertViolated("it was run 2 of the pool shared that was under way, and the limit was 1");
    }

    @Test
    void findsASlotThatIsNotGivenBack() {
        log.triggered("a");
        log.worked();
        log.records.removeIf(record ->
                record.value() instanceof Admission admission && admission.getType() == AdmissionType.RELEASE);

        assertViolated("the run ended and did not give its slot back");
    }

    @Test
    void findsASlotThatIsGivenBackTooEarly() {
        log.triggered("a");
        log.worked();
        change(
                Admission.class,
                admission -> admission.getType() == AdmissionType.RELEASE,
                admission -> Admission.newBuilder(admission).setEnded(3).build());

        assertViolated("the slot was given back at event 3, and the run ended with event 8");
    }

    @Test
    void findsATaskThatBeganBeforeItsRunHadASlot() {
        log.triggered("a");
        log.worked();
        change(
                RunEvent.class,
                event -> event.getType() == RunEventType.RUN_QUEUED,
                event -> RunEvent.newBuilder(event)
                        .setDispatched(List.of("first"))
                        .build());

        assertViolated("RUN_QUEUED although the run has no slot");
    }

    @Test
    void findsASlotThatWasNotAskedFor() {
        log.triggered("a");
        log.worked();
        change(
                RunEvent.class,
                event -> event.getType() == RunEventType.RUN_ADMITTED,
                event -> RunEvent.newBuilder(event)
                        .setSlot(RunSlot.newBuilder(event.getSlot().orElseThrow())
                                .setAsked(1)
                                .build())
                        .build());

        assertViolated("RUN_ADMITTED although the run asked for no such slot");
    }

    private void assertViolated(String sentence) {
        assertThat(verdict().violations())
                .filteredOn(violation -> violation.guarantee() == Guarantee.G11)
                .extracting(Violation::sentence)
                .contains(sentence);
    }

    private <T extends SpecificRecord> void change(Class<T> type, Predicate<T> which, UnaryOperator<T> change) {
        log.records.replaceAll(record -> type.isInstance(record.value()) && which.test(type.cast(record.value()))
                ? new Recorded<>(record.position(), record.timestamp(), change.apply(type.cast(record.value())))
                : record);
    }

    private Verdict verdict() {
        Definitions definitions = new Definitions();
        definitions.add(log.definition());
        Map<String, Integer> reopenings = new HashMap<>();
        log.records.stream()
                .filter(record -> record.value() instanceof RunEvent event && event.getType() == RunEventType.RUN_RERUN)
                .forEach(record -> reopenings.merge(((RunEvent) record.value()).getRunId(), 1, Integer::sum));
        Verification verification = new Verification(ModelLog.TOPICS, definitions, reopenings, Duration.ofDays(7), 100);
        log.records.forEach(record -> ModelLog.feed(verification, record));
        return verification.finish(ALL);
    }
}
