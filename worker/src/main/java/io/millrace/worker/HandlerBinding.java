package io.millrace.worker;

import io.millrace.worker.execute.Handler;
import io.millrace.worker.execute.HandlerCall;
import io.millrace.worker.execute.HandlerFailure;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets the executor call a handler of the SDK. */
final class HandlerBinding implements Handler {
    private final TaskHandler handler;

    HandlerBinding(TaskHandler handler) {
        this.handler = handler;
    }

    @Override
    public @Nullable Map<String, ?> handle(HandlerCall call) throws Exception {
        try {
            return handler.handle(new Context(call));
        } catch (RetryableException e) {
            throw new HandlerFailure(e, true);
        } catch (PermanentFailure e) {
            throw new HandlerFailure(e, false);
        }
    }

    private static final class Context extends CallContext implements TaskContext {
        private final HandlerCall call;

        Context(HandlerCall call) {
            super(call);
            this.call = call;
        }

        @Override
        public void progress(double share) {
            call.progress().share(share);
        }

        @Override
        public void checkpoint(Map<String, ?> document) {
            call.progress().checkpoint(document);
        }

        @Override
        public Optional<Map<String, Object>> lastCheckpoint() {
            return call.lastCheckpoint();
        }
    }
}
