package io.millrace.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.AlertMeasure;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertTest {
    private static final AlertKey KEY = new AlertKey(new PipelineId("iris"), new AlertId("failed"), "");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Terms terms = new Terms(
            AlertRule.Severity.ERROR,
            List.of(new PipelineId("pager")),
            1,
            Duration.ZERO,
            Optional.empty(),
            false,
            MINUTE,
            Optional.empty());
    private Instant now = NOON;
    private Alert alert = Alert.quiet(KEY, terms, now);
    private final List<String> messages = new ArrayList<>();

    private static Terms with(Terms terms, int count, Duration within, boolean passing, Duration repeat) {
        return new Terms(
                terms.severity(),
                terms.to(),
                count,
                within,
                terms.measure(),
                passing,
                terms.interval(),
                Optional.ofNullable(repeat).filter(each -> !each.isZero()));
    }

    private void happens() {
        alert = alert.happened(new Occurrence(now, null, null, "it failed", Document.EMPTY), terms);
        look();
    }

    private void isWell() {
        alert = alert.well(now, "it succeeded");
        look();
    }

    private void look() {
        Alert before = alert;
        Alert.Step step = alert.look(now);
        alert = step.alert();
        if (step.message() != null) {
            Document told = new Message(before, step.message(), now).document();
            messages.add(told.asMap().get("kind") + " " + told.asMap().get("count"));
        }
    }

    /** Time passes, and whatever is due is looked at when it is. */
    private void after(Duration time) {
        Instant end = now.plus(time);
        Optional<Instant> due = alert.dueAt(now);
        while (due.isPresent() && !due.get().isAfter(end)) {
            now = due.get().isAfter(now) ? due.get() : now;
            look();
            Optional<Instant> next = alert.dueAt(now);
            due = next.equals(due) ? Optional.empty() : next;
        }
        now = end;
    }

    @Test
    void isToldOnceAndOnceAgainWhenItIsWell() {
        happens();
        after(Duration.ofHours(5));
        isWell();
        after(Duration.ofHours(5));

        assertThat(messages).containsExactly("raised 1", "resolved 1");
        assertThat(alert.phase()).isEqualTo(AlertPhase.RESOLVED);
        assertThat(alert.dueAt(now)).isEmpty();
    }

    @Test
    void tenThousandInAMinuteAreTwoMessages() {
        for (int i = 0; i < 10_000; i++) {
            happens();
            after(Duration.ofMillis(6));
        }
        after(Duration.ofHours(1));

        assertThat(messages).hasSizeLessThanOrEqualTo(3).startsWith("raised 1").endsWith("again 10000");
    }

    @Test
    void thatWhichFlapsIsToldOnceAnInterval() {
        for (int i = 0; i < 600; i++) {
            happens();
            after(Duration.ofMillis(500));
            isWell();
            after(Duration.ofMillis(500));
        }
        after(Duration.ofHours(1));

        assertThat(messages).hasSizeBetween(10, 13).startsWith("raised 1");
        assertThat(messages.get(messages.size() - 1)).startsWith("resolved");
    }

    @Test
    void whatIsWellBeforeAnybodyCouldBeToldIsToldAllTheSame() {
        happens();
        after(Duration.ofSeconds(1));
        isWell();
        after(MINUTE);
        happens();
        after(Duration.ofSeconds(1));
        isWell();
        after(Duration.ofHours(1));

        assertThat(messages).containsExactly("raised 1", "resolved 1", "resolved 1");
        assertThat(alert.number()).isEqualTo(2);
    }

    @Test
    void whoLooksAfterItIsNotToldAgain() {
        terms = with(terms, 1, Duration.ZERO, false, Duration.ofHours(4));
        happens();
        after(Duration.ofHours(9));
        alert = alert.acknowledged(now, "ann", "the disk was full");
        happens();
        after(Duration.ofHours(9));
        isWell();

        assertThat(messages).containsExactly("raised 1", "reminder 1", "reminder 1", "resolved 2");
    }

    @Test
    void hasToHappenAsOftenAsTheRuleSays() {
        terms = with(terms, 3, Duration.ofMinutes(10), false, Duration.ZERO);
        happens();
        happens();
        after(Duration.ofMinutes(11));
        happens();
        happens();
        assertThat(alert.phase()).isEqualTo(AlertPhase.QUIET);
        isWell();
        happens();
        happens();
        assertThat(messages).isEmpty();

        happens();
        assertThat(messages).containsExactly("raised 3");
    }

    @Test
    void passesWhenNothingCanSayThatItIsWell() {
        terms = with(terms, 1, Duration.ZERO, true, Duration.ZERO);
        happens();
        happens();
        after(Duration.ofHours(1));

        assertThat(messages).containsExactly("raised 1", "again 2");
        assertThat(alert.phase()).isEqualTo(AlertPhase.RESOLVED);
    }

    @Test
    void isWellWhenTheLastRunThatWasLateHasEnded() {
        alert = alert.late(new Occurrence(now, null, null, "late", Document.EMPTY), terms);
        alert = alert.late(new Occurrence(now, null, null, "late", Document.EMPTY), terms);
        alert = alert.ended(now, "it ended");
        assertThat(alert.phase()).isEqualTo(AlertPhase.OPEN);

        alert = alert.ended(now, "it ended");
        assertThat(alert.phase()).isEqualTo(AlertPhase.RESOLVED);
    }

    @Test
    void nobodyIsToldWhileItIsSilent() {
        alert = alert.silenced(now.plus(Duration.ofHours(2)));
        happens();
        after(Duration.ofHours(1));
        isWell();
        after(Duration.ofHours(9));
        assertThat(messages).isEmpty();

        alert = alert.silenced(now.plus(Duration.ofHours(2)));
        happens();
        happens();
        after(Duration.ofHours(3));
        assertThat(messages).as("what is wrong still when the silence ends").containsExactly("raised 2");
    }

    @Test
    void whatIsOddBesideThoseBeforeIsRaisedAndWellWhenItIsNot() {
        terms = new Terms(
                terms.severity(),
                terms.to(),
                1,
                Duration.ZERO,
                Optional.of(new AlertMeasure(AlertMeasure.Kind.DRIFT, 3, 20)),
                false,
                MINUTE,
                Optional.empty());
        for (int i = 0; i < 30; i++) {
            measures(10 + i % 3);
        }
        assertThat(messages).isEmpty();
        measures(50);
        assertThat(messages).containsExactly("raised 1");
        assertThat(alert.last().text())
                .isEqualTo("it came: the value is 50.0000, and the last 20 were 11.0500 on average"
                        + " with a deviation of 0.805");
        after(MINUTE);
        measures(11);

        assertThat(messages).containsExactly("raised 1", "resolved 1");
        assertThat(alert.window()).hasSize(20).endsWith(50.0, 11.0);
        after(Duration.ofDays(90));
        assertThat(alert.isForgotten(Duration.ofDays(7), now))
                .as("others are held against it")
                .isFalse();
    }

    private void measures(double number) {
        alert = alert.measured(new Occurrence(now, null, null, "it came", Document.EMPTY), number, terms);
        look();
    }

    @Test
    void isForgottenOnlyWhenNothingIsOwed() {
        happens();
        after(Duration.ofDays(30));
        assertThat(alert.isForgotten(Duration.ofDays(7), now)).isFalse();
        isWell();
        assertThat(alert.isForgotten(Duration.ofDays(7), now)).isFalse();
        after(Duration.ofDays(8));

        assertThat(alert.isForgotten(Duration.ofDays(7), now)).isTrue();
    }
}
