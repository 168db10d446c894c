package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.deadletter.FiledLetter;
import io.millrace.coordinator.deadletter.NotReplayableException;
import io.millrace.coordinator.deadletter.Replay;
import io.millrace.coordinator.reading.StretchReader;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.event.Trigger;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a trigger has put aside is judged once more, by the trigger as it is by then. */
@Timeout(180)
class ReplayTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private ListeningStand stand;
    private StretchReader reader;
    private Replay replay;

    @BeforeEach
    void open() throws Exception {
        stand = new ListeningStand();
        reader = new StretchReader(stand.log().access());
        replay = new Replay(stand.log().access(), stand.log().wire(), reader, stand.start("c1"));
    }

    @AfterEach
    void close() throws Exception {
        replay.close();
        reader.close();
        stand.close();
    }

    private int apply(String id, String topic, String filter, String settings) {
        return stand.apply("""
                id: %s
                inputs: {n: any}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest%s}
                    filter: %s
                    inputs: {n: "${{ %s }}"}
                tasks: [{id: a, shell: x}]
                """.formatted(id, topic, settings, filter, settings.isEmpty() ? "event.m" : "events[0].m"));
    }

    private DeadLetter letterOf(String trigger) {
        return stand.letters().stream()
                .filter(letter -> letter.getTrigger().filter(trigger::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** What comes of it: the run, or why not. */
    private String outcome(DeadLetter letter) {
        try {
            return replay.send(letter).toCompletableFuture().get().run().orElseThrow();
        } catch (NotReplayableException e) {
            return e.getMessage();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** A version that was applied is seen a moment later. */
    private void awaitOutcome(DeadLetter letter, String expected) {
        ListeningStand.await(expected, () -> outcome(letter).contains(expected));
    }

    @Test
    void aRecordStartsTheRunThatItMeansToItsTriggerByNow() throws Exception {
        String topic = stand.create("orders", 1);
        apply("etl", topic, "event.amount > 1", "");
        apply("other", topic, "event.price > 1", "");
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", TRACE.getBytes(UTF_8));
        stand.send(new ProducerRecord<>(topic, 0, 1_772_323_200_123L, null, "{\"m\": 7}".getBytes(UTF_8), headers));
        stand.awaitRead("etl", "t", topic);
        stand.awaitRead("other", "t", topic);
        assertThat(stand.letters())
                .extracting(letter -> new FiledLetter(letter, 0).id())
                .containsExactlyInAnyOrder(topic + "-0-0@etl.t", topic + "-0-0@other.t");
        DeadLetter letter = letterOf("etl/t");

        assertThat(outcome(letter)).contains("the trigger etl/t would put it aside again: the filter: ");
        int version = apply("etl", topic, "event.m > 1", "");
        ListeningStand.await("the new version counts", () -> outcome(letter).length() == 26);
        String run = outcome(letter);

        List<RunCommand> commands = stand.commands();
        assertThat(commands)
                .as("of the trigger alone")
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(command -> {
                    assertThat(command.getRunId()).as("one run, however often").isEqualTo(run);
                    assertThat(command.getPipeline()).isEqualTo("etl");
                    assertThat(command.getVersion()).isEqualTo(version);
                    assertThat(command.getInputs()).isEqualTo("{\"n\":7}");
                    Trigger trigger = command.getTrigger().orElseThrow();
                    assertThat(trigger.getTopic()).contains(topic);
                    assertThat(trigger.getOffset()).isZero();
                    assertThat(trigger.getLogicalTime())
                            .hasValueSatisfying(at -> assertThat(at).hasToString("2026-03-01T00:00:00.123Z"));
                    assertThat(trigger.getTraceparent().orElseThrow()).startsWith(TRACE.substring(0, 36));
                });
        assertThat(outcome(letterOf("other/t"))).contains("the trigger other/t would put it aside again");
    }

    @Test
    void whatTheTriggerDoesNotTakeAnyMoreIsNotSent() throws Exception {
        String topic = stand.create("orders", 1);
        apply("etl", topic, "event.amount > 1", "");
        stand.send(topic, "{\"m\": 7}");
        stand.awaitRead("etl", "t", topic);
        DeadLetter letter = letterOf("etl/t");

        apply("etl", topic, "event.m > 10", "");
        awaitOutcome(letter, "the filter of the trigger etl/t says no to it now");
        stand.apply("id: etl\ntasks: [{id: a, shell: x}]\n");
        awaitOutcome(letter, "the trigger etl/t that put it aside does not listen to " + topic + " any more");

        assertThat(stand.commands()).isEmpty();
    }

    @Test
    void aRecordOfABatchIsABatchByItself() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {n: integer}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest, batch: {max: 2, within: 1m}}
                    inputs: {n: "${{ events[0].m }}"}
                tasks: [{id: a, shell: x}]
                """.formatted(topic));
        stand.send(topic, "{\"m\": \"seven\"}");
        stand.send(topic, "{\"m\": 8}");
        stand.awaitRead("etl", "t", topic);
        ListeningStand.await("both are put aside", () -> stand.letters().size() == 2);

        assertThat(outcome(stand.letters().get(0))).contains("would put it aside again");
        String run = outcome(stand.letters().get(1));

        assertThat(stand.commands()).singleElement().satisfies(command -> {
            assertThat(command.getRunId()).isEqualTo(run);
            assertThat(command.getInputs()).isEqualTo("{\"n\":8}");
        });
    }

    @Test
    void aRecordThatIsGoneIsNotTakenForAnother() throws Exception {
        String topic = stand.create("orders", 1);
        apply("etl", topic, "event.amount > 1", "");
        stand.send(topic, "{\"m\": 7}");
        stand.awaitRead("etl", "t", topic);
        DeadLetter letter = letterOf("etl/t");
        apply("etl", topic, "event.m > 10", "");
        awaitOutcome(letter, "says no");

        stand.delete(topic);
        awaitOutcome(letter, "the record is not in " + topic + " any more");
        stand.create("orders", 1);
        stand.send(topic, "{\"m\": 8}");

        awaitOutcome(letter, "the record is not in " + topic + " any more");
        assertThat(stand.commands()).isEmpty();
    }
}
