package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Slots.Change;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Concurrency.Conflict;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Priority;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final PipelineId ETL = new PipelineId("etl");

    private static final PipelineId REPORT = new PipelineId("report");

    private final Slots slots = new Slots();
    private final Map<RunId, String> names = new HashMap<>();
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

        assertThat(changes(slots.release(run("a"), 99, limit(1)))).isEmpty();
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

        assertThat(changes(slots.fill(limit(3)))).containsExactly("b admitted 3", "c admitted 3");
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
        slots.restore(request("a", 1, ETL, "", Priority.NORMAL, new Slots.Given(1, -1), true));
        slots.restore(request("b", 2, ETL, "", Priority.NORMAL, null, false));
        slots.restore(request("c", 3, ETL, "", Priority.NORMAL, null, false));

        assertThat(ask("d", Conflict.CANCEL, 1))
                .as("a was told before")
                .containsExactly(
                        "b cancelled: run " + run("d") + " came after it and takes its place",
                        "c cancelled: run " + run("d") + " came after it and takes its place",
                        "d waits");
        assertThat(release("a", 1)).containsExactly("a gone", "d admitted 1");
    }

    @Test
    void aPoolIsSharedAndThePipelineWithTheFewestSlotsIsNext() {
        Room two = new Room(2, Concurrency.ANY_NUMBER);
        assertThat(ask("a", ETL, Priority.NORMAL, two)).containsExactly("a admitted");
        assertThat(ask("b", ETL, Priority.NORMAL, two)).containsExactly("b admitted");
        assertThat(ask("c", ETL, Priority.NORMAL, two)).containsExactly("c waits");
        assertThat(ask("d", ETL, Priority.NORMAL, two)).containsExactly("d waits");
        assertThat(ask("e", REPORT, Priority.NORMAL, two)).containsExactly("e waits");

        assertThat(release("a", two)).as("etl has one, report none").containsExactly("a gone", "e admitted");
        assertThat(release("b", two)).as("etl has none").containsExactly("b gone", "c admitted");
        assertThat(release("e", two)).as("nobody else waits").containsExactly("e gone", "d admitted");
    }

    @Test
    void pipelinesTakeTurnsWhereAPoolHasOneSlot() {
        Room one = new Room(1, Concurrency.ANY_NUMBER);
        for (String name : List.of("a", "b", "c")) {
            ask(name, ETL, Priority.NORMAL, one);
        }
        for (String name : List.of("d", "e", "f")) {
            ask(name, REPORT, Priority.NORMAL, one);
        }

        assertThat(drained("a", one)).containsExactly("d", "b", "e", "c", "f");
    }

    @Test
    void ofElevenSlotsTenGoToTheHigherPriority() {
        Room one = new Room(1, Concurrency.ANY_NUMBER);
        ask("first", ETL, Priority.NORMAL, one);
        for (int i = 0; i < 50; i++) {
            ask("low" + i, ETL, Priority.LOW, one);
        }
        for (int i = 0; i < 300; i++) {
            ask("normal" + i, ETL, Priority.NORMAL, one);
            ask("high" + i, REPORT, Priority.HIGH, one);
        }

        List<String> order = drained("first", one);

        assertThat(order).hasSize(650);
        assertThat(order.subList(0, 11))
                .filteredOn(name -> name.startsWith("high"))
                .hasSize(10);
        assertThat(order.subList(0, 121))
                .filteredOn(name -> name.startsWith("normal"))
                .hasSize(10);
        assertThat(order.subList(0, 121))
                .as("the lowest, too, has its turn")
                .filteredOn(name -> name.startsWith("low"))
                .hasSize(1);
        List<String> afterHigh = order.subList(order.lastIndexOf("high299") + 1, order.size());
        assertThat(afterHigh.subList(0, 110))
                .filteredOn(name -> name.startsWith("low"))
                .hasSizeBetween(9, 11);
    }

    /** However many of the others keep coming: it is given a slot when 121 of them have been, at the latest. */
    @Test
    void nobodyWaitsForEverAlsoWhenTheOrderIsRestoredEachTime() {
        Room one = new Room(1, Concurrency.ANY_NUMBER);
        Slots restored = new Slots();
        List<Slots.Request> waiting = new ArrayList<>();
        Slots.Request holder = admitted(
                restored.ask(request("first", ++place, ETL, "", Priority.NORMAL, null, false), Conflict.QUEUE, one));
        waiting.add(request("low", ++place, ETL, "", Priority.LOW, null, false));
        int given = 0;
        while (!holder.run().equals(run("low"))) {
            waiting.add(request("high" + given, ++place, REPORT, "", Priority.HIGH, null, false));
            waiting.add(request("normal" + given, ++place, REPORT, "", Priority.NORMAL, null, false));
            Slots next = new Slots();
            next.restore(holder);
            waiting.forEach(next::restore);
            holder = admitted(next.release(holder.run(), 1, one));
            RunId out = holder.run();
            waiting.removeIf(request -> request.run().equals(out));
            given++;
            assertThat(given).isLessThanOrEqualTo(121);
        }
    }

    @Test
    void aPipelineInAPoolKeepsToItsOwnLimitToo() {
        Room room = new Room(3, 1);
        assertThat(ask("a", ETL, Priority.NORMAL, room)).containsExactly("a admitted");
        assertThat(ask("b", ETL, Priority.NORMAL, room)).containsExactly("b waits");
        assertThat(ask("c", REPORT, Priority.NORMAL, room))
                .as("b is not in its way")
                .containsExactly("c admitted");
        assertThat(slots.held()).isEqualTo(2);
        assertThat(changes(slots.ask(
                        request("d", ++place, ETL, "other", Priority.NORMAL, null, false), Conflict.QUEUE, room)))
                .as("of another key")
                .containsExactly("d admitted 1");
        assertThat(release("c", room)).containsExactly("c gone");
        assertThat(release("a", room)).containsExactly("a gone", "b admitted");
    }

    /** That the pool is full is nobody's conflict; that another run of the pipeline is there is one. */
    @Test
    void aPoolThatIsFullIsWaitedFor() {
        Room room = new Room(1, 1);
        ask("a", REPORT, Priority.NORMAL, room);

        assertThat(ask("b", ETL, Conflict.SKIP, room)).containsExactly("b waits");
        assertThat(ask("c", ETL, Conflict.SKIP, room))
                .containsExactly("c cancelled: skipped, for 0 of 1 slot is taken: others wait");
        assertThat(ask("d", ETL, Conflict.COALESCE, room))
                .containsExactly(
                        "b cancelled: run " + run("d") + " came after it and is executed in its place", "d waits");
        assertThat(release("a", room)).containsExactly("a gone", "d admitted");
    }

    @Test
    void aClosedPoolGivesNothingUntilItIsOpen() {
        assertThat(ask("a", ETL, Priority.HIGH, new Room(0, 5))).containsExactly("a waits");
        assertThat(changes(slots.fill(new Room(0, 5)))).isEmpty();
        assertThat(changes(slots.fill(new Room(1, 5)))).containsExactly("a admitted 5");
    }

    private record Room(int inAll, int own) implements Slots.Room {
        @Override
        public int of(PipelineId pipeline) {
            return own;
        }
    }

    private static Room limit(int limit) {
        return new Room(Concurrency.ANY_NUMBER, limit);
    }

    /** Who had the slot, one after another, when each gives it back. */
    private List<String> drained(String first, Room room) {
        List<String> order = new ArrayList<>();
        RunId holder = run(first);
        while (slots.awaited() > 0) {
            holder = admitted(slots.release(holder, 1, room)).run();
            order.add(names.get(holder));
        }
        return order;
    }

    private static Slots.Request admitted(List<Change> changes) {
        return changes.stream()
                .filter(Change.Admitted.class::isInstance)
                .map(Change::request)
                .findFirst()
                .orElseThrow();
    }

    private List<String> ask(String name, Conflict conflict, int limit) {
        return changes(
                slots.ask(request(name, ++place, ETL, "", Priority.NORMAL, null, false), conflict, limit(limit)));
    }

    private List<String> ask(String name, PipelineId pipeline, Priority priority, Room room) {
        return withoutLimits(
                slots.ask(request(name, ++place, pipeline, "", priority, null, false), Conflict.QUEUE, room));
    }

    private List<String> ask(String name, PipelineId pipeline, Conflict conflict, Room room) {
        return withoutLimits(
                slots.ask(request(name, ++place, pipeline, "", Priority.NORMAL, null, false), conflict, room));
    }

    private List<String> release(String name, int limit) {
        return changes(slots.release(run(name), 1, limit(limit)));
    }

    private List<String> release(String name, Room room) {
        return withoutLimits(slots.release(run(name), 1, room));
    }

    private Slots.Request request(
            String name,
            long at,
            PipelineId pipeline,
            String key,
            Priority priority,
            Slots.@Nullable Given given,
            boolean leaving) {
        return new Slots.Request(
                run(name), 1, at, 1, new Slots.Line(new Slots.Group(pipeline, key), priority), given, leaving);
    }

    private RunId run(String name) {
        RunId run = RunId.ofKey(ETL, name);
        names.put(run, name);
        return run;
    }

    private List<String> withoutLimits(List<Change> changes) {
        return changes(changes).stream()
                .map(words -> words.replaceFirst("admitted .*", "admitted"))
                .toList();
    }

    private List<String> changes(List<Change> changes) {
        return changes.stream().map(this::words).toList();
    }

    private String words(Change change) {
        String name = names.get(change.request().run());
        if (change instanceof Change.Admitted admitted) {
            return name + " admitted "
                    + admitted.room().of(change.request().line().group().pipeline());
        } else if (change instanceof Change.Cancelled cancelled) {
            return name + " cancelled: " + cancelled.reason();
        }
        return name + (change instanceof Change.Waits ? " waits" : " gone");
    }
}
