package io.millrace.worker.claim;

import io.millrace.worker.execute.Handler;

/** Code for transactional tasks; many threads may ask for it at the same time. */
@FunctionalInterface
public interface TransactionalCode {
    /** The code for one execution, whose records go into this outbox. */
    Handler with(Outbox outbox);
}
