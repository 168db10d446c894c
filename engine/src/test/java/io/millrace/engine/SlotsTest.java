package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Slots.Change;
import io.millrace.pipeline.Concurrency.Conflict;
import io.millrace.pipeline.PipelineId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final PipelineId ETL = new PipelineId("etl");

    private final Slots slots = new Slots();
    private long place;

    @Test
    void givesSlotsInTheOrderInWhichTheyAreAskedFor() {
        assertThat(ask("a", Conflict.QUEUE, 2)).containsExactly("a admitted 2");
        assertThat(ask("b", Conflict.QUEUE, 2)).containsExactly("b admitted 2");
        assertThat(ask("c", Conflict.QUEUE, 2)).containsExactly("c waits");
        assertThat(ask("d", Conflict.QUEUE, 2)).containsExactly("d waits");

        assertThat(release("b", 2)).containsExactly("b gone", "c admitted 2");
        assertThat(release("a", 2)).containsExactly("a gone", "d admitted 2");
        assertThat(slots.held()).isEqualTo(2);
        assertThat(slots.awaited()).isZero();
    }

    @Test
    void whoEndsWhileItWaitsIsPassedOver() {
        ask("a", Conflict.QUEUE, 1);
        ask("b", Conflict.QUEUE, 1);
        ask("c", Conflict.QUEUE, 1);

        assertThat(release("b", 1)).containsExactly("b gone");
        assertThat(release("a", 1)).containsExactly("a gone", "c admitted 1");
        assertThat(release("c", 1)).containsExactly("c gone");
        assertThat(slots.isEmpty()).isTrue();
    }

    @Test
    void anAnswerToAnotherRequestOfTheRunTakesNothing() {
        ask("a", Conflict.QUEUE, 1);
        ask("b", Conflict.QUEUE, 1);

        assertThat(changes(slots.release(run("a"), 99, 1))).isEmpty();
        assertThat(slots.held()).isEqualTo(1);
    }

    @Test
    void skipsWhatIsTooMuch() {
        ask("a", Conflict.SKIP, 1);

        assertThat(ask("b", Conflict.SKIP, 1))
                .containsExactly("b cancelled: skipped, for 1 of 1 slot is taken: run " + run("a") + " is under way");
        assertThat(release("b", 1)).isEmpty();
        assertThat(release("a", 1)).containsExactly("a gone");
        assertThat(ask("c", Conflict.SKIP, 1)).containsExactly("c admitted 1");
    }

    @Test
    void oneWaitsAtMostWhereManyAreOne() {
        ask("a", Conflict.COALESCE, 1);
        ask("b", Conflict.COALESCE, 1);

        assertThat(ask("c", Conflict.COALESCE, 1))
                .containsExactly(
                        "b cancelled: run " + run("c") + " came after it and is executed in its place", "c waits");
        assertThat(release("b", 1)).isEmpty();
        assertThat(release("a", 1)).containsExactly("a gone", "c admitted 1");
    }

    @Test
    void theNewestTakesThePlaceOfTheOldestWhichKeepsItsSlotUntilItHasEnded() {
        ask("a", Conflict.CANCEL, 2);
        ask("b", Conflict.CANCEL, 2);
        String reason = "run " + run("c") + " came after it and takes its place";

        assertThat(ask("c", Conflict.CANCEL, 2)).containsExactly("c waits", "a cancelled: " + reason);
        assertThat(slots.held()).isEqualTo(2);
        assertThat(release("a", 2)).containsExactly("a gone", "c admitted 2");
    }

    /** The one that was told to end makes room for whoever is the newest by then. */
    @Test
    void onlySoManyAreToldToEndAsHaveTo() {
        ask("a", Conflict.CANCEL, 2);
        ask("b", Conflict.CANCEL, 2);
        ask("c", Conflict.CANCEL, 2);

        assertThat(ask("d", Conflict.CANCEL, 2))
                .containsExactly("c cancelled: run " + run("d") + " came after it and takes its place", "d waits");
        assertThat(release("c", 2)).isEmpty();
        assertThat(release("a", 2)).containsExactly("a gone", "d admitted 2");
    }

    @Test
    void aHigherLimitIsUsedAtOnceAndALowerOneTakesNothingAway() {
        ask("a", Conflict.QUEUE, 1);
        ask("b", Conflict.QUEUE, 1);
        ask("c", Conflict.QUEUE, 1);

        assertThat(changes(slots.fill(3))).containsExactly("b admitted 3", "c admitted 3");
        assertThat(ask("d", Conflict.QUEUE, 1)).containsExactly("d waits");
        assertThat(release("a", 1)).containsExactly("a gone");
        assertThat(release("b", 1)).containsExactly("b gone");
        assertThat(release("c", 1)).containsExactly("c gone", "d admitted 1");
    }

    @Test
    void whoAsksWhenTheLimitHasGrownDoesNotOvertake() {
        ask("a", Conflict.QUEUE, 1);
        ask("b", Conflict.QUEUE, 1);

        assertThat(ask("c", Conflict.QUEUE, 2)).containsExactly("b admitted 2", "c waits");
        assertThat(ask("d", Conflict.SKIP, 4)).containsExactly("c admitted 4", "d admitted 4");
    }

    @Test
    void whatWasStoredGoesOn() {
        slots.restore(new Slots.Request(run("a"), 1, 1, 1, true), true);
        slots.restore(new Slots.Request(run("b"), 1, 2, 1, false), false);
        slots.restore(new Slots.Request(run("c"), 1, 3, 1, false), false);

        assertThat(ask("d", Conflict.CANCEL, 1))
                .as("a was told before")
                .containsExactly(
                        "b cancelled: run " + run("d") + " came after it and takes its place",
                        "c cancelled: run " + run("d") + " came after it and takes its place",
                        "d waits");
        assertThat(release("a", 1)).containsExactly("a gone", "d admitted 1");
    }

    private List<String> ask(String name, Conflict conflict, int limit) {
        return changes(slots.ask(new Slots.Request(run(name), 1, ++place, 1, false), conflict, limit));
    }

    private List<String> release(String name, int limit) {
        return changes(slots.release(run(name), 1, limit));
    }

    private static RunId run(String name) {
        return RunId.ofKey(ETL, name);
    }

    private static List<String> changes(List<Change> changes) {
        return changes.stream().map(SlotsTest::words).toList();
    }

    private static String words(Change change) {
        String name = List.of("a", "b", "c", "d").stream()
                .filter(each -> run(each).equals(change.request().run()))
                .findFirst()
                .orElseThrow();
        if (change instanceof Change.Admitted admitted) {
            return name + " admitted " + admitted.limit();
        } else if (change instanceof Change.Cancelled cancelled) {
            return name + " cancelled: " + cancelled.reason();
        }
        return name + (change instanceof Change.Waits ? " waits" : " gone");
    }
}
