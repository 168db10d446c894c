package io.millrace.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client of server-sent events, as simple as the format. */
final class EventStreamReader implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Stream<String> body;
    private final Iterator<String> lines;
    final int status;

    record Event(String id, String type, String data) {}

    EventStreamReader(TestingApi api, String path, Optional<String> lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.server.port() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "text/event-stream");
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        try {
            HttpResponse<Stream<String>> response = CLIENT.send(request.build(), BodyHandlers.ofLines());
            status = response.statusCode();
            body = response.body();
            lines = body.iterator();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next event; empty at the end of the stream. */
    Optional<Event> next() {
        String id = "";
        String type = "message";
        StringBuilder data = new StringBuilder();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else if (line.isEmpty() && data.length() > 0) {
                return Optional.of(new Event(id, type, data.toString()));
            } else {
                assertThat(line).as("a comment, or the end of one").matches("(:.*)?");
            }
        }
        return Optional.empty();
    }

    /** All events up to the first that fits, that one included; or to the end. */
    List<Event> until(Predicate<Event> last) {
        List<Event> events = new ArrayList<>();
        for (Optional<Event> event = next(); event.isPresent(); event = next()) {
            events.add(event.get());
            if (last.test(event.get())) {
                break;
            }
        }
        return events;
    }

    @Override
    public void close() {
        body.close();
    }
}
