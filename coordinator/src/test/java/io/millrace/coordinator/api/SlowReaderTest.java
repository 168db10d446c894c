package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.api.EventStreamReader.Event;
import io.millrace.coordinator.api.LiveSource.Message;
import io.millrace.coordinator.api.LiveSource.Part;
import io.millrace.coordinator.query.TestingEvents;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of live events that does not take them costs a bounded amount of memory, and nobody else any time. */
@Timeout(180)
class SlowReaderTest {
    private static final int AT_A_TIME = 100;
    private static final String TEXT = "x".repeat(1_000);
    /** Linux lets the buffers of a connection grow to some megabytes; what the stream itself holds is little beside that. */
    private static final long MOST_BYTES = 24 << 20;

    /** A client that takes nothing before it is told to. */
    private static final class LazyClient implements AutoCloseable {
        private static final Pattern ID = Pattern.compile("id: (.*)");

        private final Socket socket = new Socket();
        private final BufferedReader lines;

        LazyClient(int port, String path, Optional<String> lastEventId) throws IOException {
            socket.setReceiveBufferSize(4 << 10);
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                                    + lastEventId
                                            .map(id -> "Last-Event-ID: " + id + "\r\n")
                                            .orElse("") + "\r\n")
                            .getBytes(UTF_8));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        /** The events that are complete, up to so many or to the end of the connection. */
        List<Event> take(int most) throws IOException {
            List<Event> events = new ArrayList<>();
            String id = null;
            String data = "";
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Matcher match = ID.matcher(line);
                    if (match.matches()) {
                        id = match.group(1);
                    } else if (line.startsWith("data: ")) {
                        data = line.substring(6);
                    } else if (line.isEmpty() && id != null) {
                        events.add(new Event(id, "", data));
                        id = null;
                        if (events.size() == most) {
                            break;
                        }
                    }
                }
            } catch (SocketException reset) {
                // What came before the reset counts.
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Nested
    class OfAStream {
        private final AtomicLong given = new AtomicLong();
        private final CountDownLatch over = new CountDownLatch(1);

        /** Numbers up to a last one; it counts what it was asked for. */
        private LiveSource numbers(long after, long last) {
            AtomicLong at = new AtomicLong(after);
            return () -> {
                List<Message> messages = LongStream.rangeClosed(at.get() + 1, Math.min(last, at.get() + AT_A_TIME))
                        .mapToObj(number -> new Message(Long.toString(number), Optional.empty(), TEXT))
                        .toList();
                at.addAndGet(messages.size());
                given.addAndGet(messages.size());
                return new Part(messages, at.get() < last, at.get() >= last);
            };
        }

        private void stream(
                Vertx vertx, HttpServerRequest request, ExecutorService lane, long last, Duration patience) {
            Context loop = vertx.getOrCreateContext();
            long after = Optional.ofNullable(request.getHeader("Last-Event-ID"))
                    .map(Long::parseLong)
                    .orElse(0L);
            new LiveStream(loop, request, numbers(after, last), lane, patience).open(over::countDown);
        }

        private List<String> takeAll(long last, Duration patience, boolean lazy) throws Exception {
            Vertx vertx = Vertx.vertx();
            ExecutorService lane = Executors.newSingleThreadExecutor();
            try {
                HttpServer server = vertx.createHttpServer()
                        .requestHandler(request -> stream(vertx, request, lane, last, patience))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS);
                List<Event> taken = new ArrayList<>();
                try (LazyClient client = new LazyClient(server.actualPort(), "/", Optional.empty())) {
                    if (lazy) {
                        assertThat(over.await(120, TimeUnit.SECONDS))
                                .as("cut off")
                                .isTrue();
                        assertThat(given.get() * TEXT.length())
                                .as("bytes that were read for it")
                                .isPositive()
                                .isLessThan(MOST_BYTES);
                    }
                    taken.addAll(client.take(lazy ? Integer.MAX_VALUE : 150));
                }
                assertThat(taken).hasSizeLessThan((int) last);
                Optional<String> lastSeen = taken.isEmpty()
                        ? Optional.empty()
                        : Optional.of(taken.get(taken.size() - 1).id());
                try (LazyClient again = new LazyClient(server.actualPort(), "/", lastSeen)) {
                    taken.addAll(again.take((int) last - taken.size()));
                }
                return taken.stream().map(Event::id).toList();
            } finally {
                vertx.close();
                lane.shutdownNow();
            }
        }

        private List<String> upTo(int last) {
            return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
        }

        @Test
        void whoTakesNothingIsReadForAsFarAsItsBuffersAndCutOffAndMissesNothing() throws Exception {
            int all = 50_000;

            assertThat(takeAll(all, Duration.ofSeconds(1), true)).containsExactlyElementsOf(upTo(all));
        }

        @Test
        void whoGoesAwayInTheMiddleGoesOnAfterTheLastItSaw() throws Exception {
            assertThat(takeAll(5_000, LiveStream.PATIENCE, false)).containsExactlyElementsOf(upTo(5_000));
        }
    }

    @Test
    void othersAreServedMeanwhileAndItGetsAllInTheEnd() throws Exception {
        int runs = 100;
        int ofEach = 40;
        try (TestingApi api = TestingApi.start();
                LazyClient slow =
                        new LazyClient(api.server.port(), "/api/v1/events?from=start&pipeline=slow", Optional.empty());
                LazyClient leaving = new LazyClient(api.server.port(), "/api/v1/events?from=start", Optional.empty());
                EventStreamReader quick =
                        new EventStreamReader(api, "/api/v1/events?from=start&pipeline=slow", Optional.empty())) {
            for (int i = 0; i < runs; i++) {
                TestingEvents run = TestingEvents.aRun("slow" + i)
                        .of("slow", 1)
                        .from(Instant.now())
                        .started("a");
                for (int progress = 1; progress < ofEach; progress++) {
                    run.taskProgressed("a", progress / 100.0, "\"" + "x".repeat(4_000) + "\"");
                }
                api.log.write(run.events());
            }

            int all = runs * ofEach;
            List<Event> taken = new ArrayList<>();
            while (taken.size() < all) {
                taken.add(quick.next().orElseThrow());
            }
            List<String> written = which(taken);
            assertThat(written).doesNotHaveDuplicates();
            assertThat(api.get("/api/v1/runs?pipeline=slow&limit=1").status()).isEqualTo(200);
            assertThat(which(slow.take(all))).as("by who is late").containsExactlyInAnyOrderElementsOf(written);
            List<Event> some = leaving.take(10);
            leaving.close();
            try (LazyClient again = new LazyClient(
                    api.server.port(),
                    "/api/v1/events?pipeline=slow",
                    Optional.of(some.get(9).id()))) {
                some.addAll(again.take(all - 10));
            }
            assertThat(which(some)).as("over two connections").containsExactlyInAnyOrderElementsOf(written);
        }
    }

    private static List<String> which(List<Event> events) {
        return events.stream()
                .map(event -> event.data().replaceAll(".*\"run_id\":\"([^\"]*)\".*\"sequence\":([0-9]+).*", "$1/$2"))
                .toList();
    }
}
