package io.millrace.worker;

import io.millrace.worker.execute.Delivery;
import io.millrace.worker.execute.HandlerCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** What the executor knows of a call, in the words of the SDK. */
abstract class CallContext implements HandlerContext {
    private final HandlerCall call;

    CallContext(HandlerCall call) {
        this.call = call;
    }

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
