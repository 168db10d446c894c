package io.millrace.worker.execute;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Code in this JVM that executes {@code java} tasks; many threads may call it at the same time. */
@FunctionalInterface
public interface Handler {
    /**
     * Executes a task and returns its output; null is an empty one.
     *
     * @throws HandlerFailure to say whether another attempt may help
     * @throws Exception anything else is a failure that another attempt may mend
     */
    @Nullable
    Map<String, ?> handle(HandlerCall call) throws Exception;
}
