package io.millrace.worker;

import io.millrace.worker.claim.TransactionalCode;
import io.millrace.worker.execute.Handler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The code of a worker's own that {@code java} tasks name, each name once.
 *
 * <p><b>Threading:</b> not safe.
 */
final class NamedHandlers {
    private final Map<String, Handler> claimed = new LinkedHashMap<>();
    private final Map<String, TransactionalCode> transactional = new LinkedHashMap<>();

    void add(String name, TaskHandler handler) {
        requireFree(name);
        claimed.put(name, new HandlerBinding(handler));
    }

    void add(String name, TransactionalHandler handler) {
        requireFree(name);
        transactional.put(name, outbox -> new TransactionalBinding(handler, outbox));
    }

    /** What is executed after its claim. */
    Map<String, Handler> claimed() {
        return claimed;
    }

    /** What is executed before its transaction. */
    Map<String, TransactionalCode> transactional() {
        return transactional;
    }

    private void requireFree(String name) {
        if (claimed.containsKey(name) || transactional.containsKey(name)) {
            throw new IllegalArgumentException("There is a handler '" + name + "' already.");
        }
    }
}
