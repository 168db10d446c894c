package io.millrace.worker;

import io.millrace.worker.execute.Delivery;
import io.millrace.worker.execute.Handler;
import io.millrace.worker.execute.HandlerCall;
import io.millrace.worker.execute.HandlerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
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

    private record Context(HandlerCall call) implements TaskContext {
        private Delivery delivery() {
            return call.delivery();
        }

        @Override
        public String run() {
            return delivery().id().runId();
        }

        @Override
        public String pipeline() {
            return delivery().pipeline();
        }

        @Override
        public int version() {
            return delivery().version();
        }

        @Override
        public String task() {
            return delivery().id().task();
        }

        @Override
        public int attempt() {
            return delivery().id().attempt();
        }

        @Override
        public int epoch() {
            return delivery().id().epoch();
        }

        @Override
        public String idempotencyKey() {
            return delivery().idempotencyKey();
        }

        @Override
        public Map<String, Object> inputs() {
            return call.inputs();
        }

        @Override
        public Map<String, String> env() {
            return delivery().env();
        }

        @Override
        public Path workDirectory() {
            return call.workDirectory();
        }

        @Override
        public InputStream openArtifact(Object reference) throws IOException {
            return call.openArtifact(reference);
        }

        @Override
        public Map<String, Object> writeArtifact(String name, InputStream content) throws IOException {
            return call.writeArtifact(name, content);
        }

        @Override
        public void log(String text) {
            call.log(text);
        }

        @Override
        public boolean isCancelled() {
            return call.isCancelled();
        }
    }
}
