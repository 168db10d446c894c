package io.millrace.worker;

import io.millrace.worker.claim.Outbox;
import io.millrace.worker.execute.Handler;
import io.millrace.worker.execute.HandlerCall;
import io.millrace.worker.execute.HandlerFailure;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Lets the executor call a transactional handler of the SDK, whose records go into an outbox. */
final class TransactionalBinding implements Handler {
    private final TransactionalHandler handler;
    private final Outbox outbox;

    TransactionalBinding(TransactionalHandler handler, Outbox outbox) {
        this.handler = handler;
        this.outbox = outbox;
    }

    @Override
    public @Nullable Map<String, ?> handle(HandlerCall call) throws Exception {
        try {
            return handler.handle(new Context(call, outbox));
        } catch (RetryableException e) {
            throw new HandlerFailure(e, true);
        } catch (PermanentFailure e) {
            throw new HandlerFailure(e, false);
        }
    }

    private static final class Context extends CallContext implements TransactionalContext {
        private final Outbox outbox;

        Context(HandlerCall call, Outbox outbox) {
            super(call);
            this.outbox = outbox;
        }

        @Override
        public void send(ProducerRecord<byte[], byte[]> record) {
            outbox.add(record);
        }
    }
}
