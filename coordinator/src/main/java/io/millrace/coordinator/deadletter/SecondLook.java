package io.millrace.coordinator.deadletter;

import io.millrace.event.RunCommand;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Says what a record of a user's topic means by now to the Kafka trigger that has put it aside.
 *
 * <p><b>Threading:</b> safe for any number of threads; it may wait for Kafka and for the registry, so keep it off event loops.
 */
@FunctionalInterface
public interface SecondLook {
    /** Of a coordinator that listens to nothing. */
    SecondLook NONE = (trigger, record) -> {
        throw new NotReplayableException("this coordinator acts on no triggers; ask one that does");
    };

    /**
     * The run that it is to start, the same one however often it is asked for (G1).
     *
     * @param trigger its pipeline and its id there, as the letter has it
     * @throws NotReplayableException when the trigger does not listen any more, does not take the record, or would put it aside again
     */
    RunCommand of(String trigger, ConsumerRecord<byte[], byte[]> record) throws NotReplayableException;
}
