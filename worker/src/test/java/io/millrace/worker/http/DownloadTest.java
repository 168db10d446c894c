package io.millrace.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are faster than the disk, and a server that closes right behind the last byte: the close is seen before all that came is read. */
@Timeout(60)
class DownloadTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

    @TempDir
    private Path directory;

    private Path file;
    private HttpClient client;

    /** How a server says where the body ends. */
    enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE
    }

    @BeforeEach
    void open() throws IOException {
        file = Files.createFile(directory.resolve("body"));
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setDecompressionSupported(true));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Sizes around those at which Vert.x stops to read: 16 chunks of 8 KiB that nobody takes, and 8 more. */
    @ParameterizedTest
    @CsvSource({
        "0", "1", "8192", "20000", "100000", "131072", "139264", "147456", "150000", "155648", "163840", "172032",
        "180000", "188416", "196608", "204800", "250000", "500000", "3000000"
    })
    void aWholeBodyIsWholeThoughTheConnectionIsClosedBeforeItIsRead(int size) throws Exception {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        for (Framing framing : Framing.values()) {
            try (ClosingServer server = new ClosingServer(answer(framing, body, size))) {
                CompletableFuture<HttpAnswer> answer = start(server);
                HttpAnswer received = answer.get(30, TimeUnit.SECONDS);

                assertThat(received.size()).as("%s", framing).isEqualTo(size);
                assertThat(Files.readAllBytes(file)).as("%s", framing).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"LENGTH,150000", "LENGTH,20000", "LENGTH,3000000", "CHUNKED,150000", "CHUNKED,20000", "CHUNKED,3000000"
    })
    void aBodyThatBreaksOffFailsWhenAllThatCameIsRead(Framing framing, int size) throws Exception {
        byte[] body = new byte[size];
        byte[] whole = answer(framing, body, size + 1_000);
        byte[] cut = framing == Framing.LENGTH ? whole : Arrays.copyOf(whole, whole.length - 5);
        try (ClosingServer server = new ClosingServer(cut)) {
            CompletableFuture<HttpAnswer> answer = start(server);

            assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Connection was closed");
        }
    }

    private CompletableFuture<HttpAnswer> start(ClosingServer server) {
        HttpCall call = new HttpCall(
                "GET",
                URI.create("http://127.0.0.1:" + server.port() + "/"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                0,
                AnswerBody.in(file, 10_000_000, "test"),
                Statuses.SUCCESS,
                Statuses.TRANSIENT);
        return new Exchange(call, SlowDisk.of(vertx)).start(client, HttpRoute.DIRECT);
    }

    private static byte[] answer(Framing framing, byte[] body, int promised) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(ascii("HTTP/1.1 200 OK\r\n"));
        switch (framing) {
            case LENGTH -> answer.writeBytes(ascii("Content-Length: " + promised + "\r\n\r\n"));
            case CHUNKED -> answer.writeBytes(ascii("Transfer-Encoding: chunked\r\n\r\n"));
            case CLOSE -> answer.writeBytes(ascii("Connection: close\r\n\r\n"));
        }
        if (framing == Framing.CHUNKED) {
            for (int from = 0; from < body.length; from += 50_000) {
                int length = Math.min(50_000, body.length - from);
                answer.writeBytes(ascii(Integer.toHexString(length) + "\r\n"));
                answer.write(body, from, length);
                answer.writeBytes(ascii("\r\n"));
            }
            answer.writeBytes(ascii("0\r\n\r\n"));
        } else {
            answer.writeBytes(body);
        }
        return answer.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Says what it has to say to one client, and closes. */
    private static final class ClosingServer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        ClosingServer(byte[] answer) throws IOException {
            Thread thread = new Thread(() -> {
                try (Socket client = socket.accept();
                        InputStream in = client.getInputStream();
                        OutputStream out = client.getOutputStream()) {
                    StringBuilder request = new StringBuilder();
                    while (!request.toString().endsWith("\r\n\r\n")) {
                        request.append((char) in.read());
                    }
                    out.write(answer);
                    out.flush();
                } catch (IOException clientHasGone) {
                    // Then the test says so.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Files that take four chunks at a time, and need a while for them. */
    private static final class SlowDisk {
        private static final int AT_A_TIME = 4;
        private static final long MILLIS = 10;

        private final Vertx vertx;
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private Handler<Void> drained = nothing -> {};

        private SlowDisk(Vertx vertx) {
            this.vertx = vertx;
        }

        static FileSystem of(Vertx vertx) {
            return proxy(FileSystem.class, vertx.fileSystem(), (method, arguments, usual) -> {
                Object result = usual.call();
                return method.equals("open")
                        ? ((Future<?>) result).map(file -> new SlowDisk(vertx).slow((AsyncFile) file))
                        : result;
            });
        }

        /** Used by the one context of the answer. */
        private AsyncFile slow(AsyncFile file) {
            return proxy(AsyncFile.class, file, (method, arguments, usual) -> switch (method) {
                case "write" -> {
                    Promise<Void> written = Promise.promise();
                    if (waiting.isEmpty()) {
                        vertx.setTimer(MILLIS, timer -> take());
                    }
                    waiting.add(() -> file.write((Buffer) arguments[0]).onComplete(written));
                    yield written.future();
                }
                case "writeQueueFull" -> waiting.size() >= AT_A_TIME;
                case "drainHandler" -> {
                    @SuppressWarnings("unchecked")
                    Handler<Void> handler = (Handler<Void>) arguments[0];
                    drained = handler;
                    yield file;
                }
                case "close" -> {
                    waiting.clear();
                    yield usual.call();
                }
                default -> usual.call();
            });
        }

        private void take() {
            for (int i = 0; i < AT_A_TIME && !waiting.isEmpty(); i++) {
                waiting.remove().run();
            }
            if (waiting.isEmpty()) {
                drained.handle(null);
            } else {
                vertx.setTimer(MILLIS, timer -> take());
            }
        }

        private interface Usual {
            Object call() throws Throwable;
        }

        private interface Instead {
            Object call(String method, Object[] arguments, Usual usual) throws Throwable;
        }

        private static <T> T proxy(Class<T> type, T target, Instead instead) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> instead.call(method.getName(), arguments, () -> {
                        try {
                            return method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    })));
        }
    }
}
