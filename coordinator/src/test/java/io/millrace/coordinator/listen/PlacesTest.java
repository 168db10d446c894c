package io.millrace.coordinator.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.PipelineParser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final int PARTITIONS = 3;

    @Test
    void beginWhereTheyAreToldAndTheFirstDecidesWhereIsRead() {
        Places places = new Places();
        listen(places, Map.of("late", 1_000L, "early", 10L), listener("early"), listener("late"));

        assertThat(places.head()).isEqualTo(10);
        assertThat(followers(places)).containsExactly("early", "late");
        assertThat(places.behind()).isEmpty();
        assertThat(place(places, "late").next()).isEqualTo(1_000);
        assertThat(places.isChanged()).isTrue();
    }

    @Test
    void whoComesLaterAndBeginsFurtherBackIsBehindUntilItHasCaughtUp() {
        Places places = following("old", 500);

        listen(places, Map.of("new", 7L), listener("new"), listener("old"));
        assertThat(places.head()).isEqualTo(500);
        assertThat(followers(places)).containsExactly("old");
        assertThat(places.behind()).hasValue(7);

        places.readTo(520);
        places.caughtUpTo(400);
        assertThat(places.behind()).hasValue(400);
        places.caughtUpTo(530);
        assertThat(places.behind()).isEmpty();
        assertThat(followers(places)).containsExactly("new", "old");
        assertThat(place(places, "new").next())
                .as("it has read further than the head")
                .isEqualTo(530);
        assertThat(places.head()).isEqualTo(520);
    }

    @Test
    void aPausedTriggerStaysWhereItIsAndGoesOnFromThere() {
        Places places = following("a", 100);
        listen(places, Map.of("b", 100L), listener("a"), listener("b"));
        places.readTo(150);

        listen(places, Map.of(), paused("a"), listener("b"));
        places.readTo(300);
        assertThat(place(places, "a").next()).isEqualTo(150);
        assertThat(places.behind()).as("nobody reads for it").isEmpty();

        listen(places, Map.of(), listener("a"), listener("b"));
        assertThat(places.behind()).hasValue(150);
        assertThat(places.head()).isEqualTo(300);
    }

    @Test
    void whereNobodyFollowsTheHeadGoesToTheHindmost() {
        Places places = following("a", 100);
        listen(places, Map.of(), paused("a"));
        assertThat(places.followers()).isEmpty();

        listen(places, Map.of("b", 30L), paused("a"), listener("b"));
        assertThat(places.head()).isEqualTo(30);
        assertThat(followers(places)).containsExactly("b");
        places.readTo(60);

        listen(places, Map.of(), listener("a"), listener("b"));
        assertThat(followers(places)).as("a is further than the head").containsExactly("a", "b");
        assertThat(place(places, "a").next()).isEqualTo(100);
        assertThat(places.head()).isEqualTo(60);
    }

    @Test
    void whoIsRemovedBeginsAnewWhenItComesBack() {
        Places places = following("a", 100);
        listen(places, Map.of());
        assertThat(places.all()).isEmpty();
        assertThat(places.isChanged()).isTrue();

        listen(places, Map.of("a", 900L), listener("a"));
        assertThat(places.head()).isEqualTo(900);
    }

    @Test
    void whatAnOlderMillraceCannotReadWaits() {
        Places places = following("a", 100);
        places.listen(List.of(), id -> true, PARTITIONS, listener -> 0);
        assertThat(places.followers()).isEmpty();
        assertThat(places.stored("t", "id", 0, Instant.EPOCH).getListeners())
                .singleElement()
                .satisfies(position -> assertThat(position.getOffset()).isEqualTo(100));

        listen(places, Map.of(), listener("a"));
        assertThat(places.head()).isEqualTo(100);
        assertThat(followers(places)).containsExactly("a");
    }

    @Test
    void aBeginningThatCannotBeFoundChangesNothing() {
        Places places = following("a", 100);
        assertThatThrownBy(() -> places.listen(List.of(listener("b")), id -> false, PARTITIONS, listener -> {
                    throw new TimeoutException("Kafka is away");
                }))
                .isInstanceOf(TimeoutException.class);
        assertThat(followers(places)).containsExactly("a");
    }

    @Test
    void areTheSameAfterTheyWereWrittenAndRead() {
        Places places = following("a", 100);
        listen(places, Map.of("b", 20L, "c", 400L), listener("a"), listener("b"), listener("c"), paused("d"));
        places.readTo(150);
        places.caughtUpTo(60);

        Places restored = Places.of(places.stored("t", "id", 0, Instant.EPOCH));
        assertThat(restored.head()).isEqualTo(150);
        listen(restored, Map.of(), listener("a"), listener("b"), listener("c"), paused("d"));
        assertThat(restored.isChanged()).as("nothing has changed").isFalse();
        assertThat(followers(restored)).containsExactly("a", "c");
        assertThat(place(restored, "c").next()).isEqualTo(400);
        assertThat(restored.behind()).hasValue(60);
    }

    @Test
    void anOpenBatchCountsAsUnread() {
        Places places = following("a", 100);
        listen(places, Map.of("b", 100L), listener("a"), listener("b"));
        place(places, "a").open(new OpenBatch(arrived(120), 0));
        places.readTo(200);
        assertThat(position(places, "a")).isEqualTo(120);
        assertThat(position(places, "b")).isEqualTo(100);

        Places restored = Places.of(places.stored("t", "id", 0, Instant.EPOCH));
        listen(restored, Map.of(), listener("a"), listener("b"));
        assertThat(restored.behind()).as("what was in it is read again").hasValue(120);
        assertThat(restored.head()).isEqualTo(200);

        place(places, "a").closeBatch();
        Places closed = Places.of(places.stored("t", "id", 0, Instant.EPOCH));
        listen(closed, Map.of(), listener("a"), listener("b"));
        assertThat(closed.behind()).isEmpty();
    }

    @Test
    void anotherVersionGathersABatchAnew() {
        Places places = following("a", 100);
        listen(places, Map.of("b", 100L), listener("a"), listener("b"));
        place(places, "a").open(new OpenBatch(arrived(120), 0));
        places.readTo(200);

        listen(places, Map.of(), listener("a", 2), listener("b"));
        assertThat(places.behind()).hasValue(120);
        assertThat(place(places, "a").batch()).isNull();
    }

    @Test
    void aPausedTriggerGivesItsBatchBack() {
        Places places = following("a", 100);
        place(places, "a").open(new OpenBatch(arrived(120), 0));
        places.readTo(200);

        listen(places, Map.of(), paused("a"));
        assertThat(position(places, "a")).isEqualTo(120);
    }

    @Test
    void fitIntoWhatThereIs() {
        Places places = following("a", 100);
        listen(places, Map.of("b", 20L), listener("a"), listener("b"));

        assertThat(places.fitInto(0, 200)).isEmpty();
        assertThat(places.fitInto(50, 200))
                .containsExactly("what lies before 50 was deleted before p/b, at 20, had read it");
        assertThat(places.fitInto(0, 70)).containsExactly("it ends at 70, and p/a was at 100 already");
        assertThat(places.head()).isEqualTo(70);
        assertThat(place(places, "a").next()).isEqualTo(70);
    }

    private static Places following(String trigger, long offset) {
        Places places = new Places();
        listen(places, Map.of(trigger, offset), listener(trigger));
        places.written();
        return places;
    }

    private static void listen(Places places, Map<String, Long> beginnings, Listener... current) {
        places.listen(
                List.of(current),
                id -> false,
                PARTITIONS,
                listener -> beginnings.getOrDefault(listener.id().trigger(), 0L));
    }

    private static List<String> followers(Places places) {
        return places.followers().stream()
                .map(place -> place.listener().id().trigger())
                .collect(Collectors.toList());
    }

    private static Place place(Places places, String trigger) {
        return places.all().stream()
                .filter(place -> place.listener().id().trigger().equals(trigger))
                .findFirst()
                .orElseThrow();
    }

    private static long position(Places places, String trigger) {
        return places.stored("t", "id", 0, Instant.EPOCH).getListeners().stream()
                .filter(position -> position.getTrigger().equals(trigger))
                .findFirst()
                .orElseThrow()
                .getOffset();
    }

    private static Listener listener(String trigger) {
        return listener(trigger, 1);
    }

    private static Listener listener(String trigger, int version) {
        return listener(trigger, version, false);
    }

    private static Listener paused(String trigger) {
        return listener(trigger, 1, true);
    }

    private static Listener listener(String trigger, int version, boolean paused) {
        String source = "id: p\ntriggers: [{id: " + trigger
                + ", kafka: {topic: t, batch: {max: 9, within: 1m}}}]\ntasks: [{id: a, shell: x}]\n";
        PipelineVersion parsed = new PipelineVersion(
                PipelineDefinition.newBuilder()
                        .setPipeline("p")
                        .setVersion(version)
                        .setSource(source)
                        .setAppliedAt(Instant.EPOCH)
                        .build(),
                PipelineParser.parse("p.yaml", source).orElseThrow());
        return Listener.of(parsed, parsed.pipeline().triggers().get(0), paused).orElseThrow();
    }

    private static Arrived arrived(long offset) {
        return new Arrived(new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[0]), null);
    }
}
