package io.millrace.worker.claim;

import io.millrace.event.TaskEvent;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a task from a record, or says why there is none in it and never will be. */
final class TaskReader {
    /** The record is none of ours; the message is the reason for its dead letter. */
    static final class PoisonException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String sentence;

        PoisonException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    private final Decoder<TaskEvent> decoder;

    TaskReader(Decoder<TaskEvent> decoder) {
        this.decoder = decoder;
    }

    /**
     * Reads one record.
     *
     * @throws PoisonException when it is to be put aside
     * @throws RegistryUnavailableException when the registry is away and the record has to wait
     * @throws RegistryException when the registry refuses to answer and the record has to wait
     */
    Claim read(ConsumerRecord<byte[], byte[]> record) throws PoisonException {
        TaskEvent event;
        try {
            event = decoder.decode(record.value());
        } catch (UndecodableException e) {
            throw new PoisonException("The record is not a task: " + e.getMessage());
        } catch (RegistryUnavailableException | RegistryException e) {
            throw e;
        } catch (RuntimeException e) {
            // Whatever a decoder trips over must not stop the partition (G8).
            throw new PoisonException("The record cannot be read as a task: " + e);
        }
        if (event.getRunId().isEmpty() || event.getTask().isEmpty()) {
            throw new PoisonException("The task names no run or no task of it.");
        }
        if (event.getAttempt() < 1 || event.getEpoch() < 1) {
            throw new PoisonException("The task's attempt is " + event.getAttempt() + " and its epoch "
                    + event.getEpoch() + "; both have to be at least 1.");
        }
        return Claim.of(event, EventHeaders.traceparent(record.headers()).orElse(null));
    }
}
