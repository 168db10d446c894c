package io.millrace.coordinator.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryDirectoryTest {
    private static final HistoryIdentity IDENTITY = new HistoryIdentity("run-events", "id-1");
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path parent;

    @Test
    void aDatabaseOfAnotherTopicIsMovedAsideAndAnEmptyOneTakesItsPlace() throws IOException {
        try (HistoryDirectory first = new HistoryDirectory(parent.resolve("history"), NOW);
                HistoryStore store = first.open(IDENTITY)) {
            store.write(List.of(), Map.of(0, 7L));
        }
        try (HistoryDirectory second = new HistoryDirectory(parent.resolve("history"), NOW);
                HistoryStore store = second.open(new HistoryIdentity("run-events", "id-2"))) {
            assertThat(store.positions()).isEmpty();
        }
        assertThat(names()).contains("history", "history.discarded-" + NOW.millis());
    }

    @Test
    void ofDatabasesThatWereMovedAsideOnlyTheLastIsKept() throws IOException {
        for (int i = 0; i < 3; i++) {
            Clock later = Clock.offset(NOW, Duration.ofSeconds(i));
            try (HistoryDirectory directory = new HistoryDirectory(parent.resolve("history"), later);
                    HistoryStore store = directory.open(new HistoryIdentity("run-events", "id-" + i))) {
                assertThat(store.positions()).isEmpty();
            }
        }
        assertThat(names().stream().filter(name -> name.contains("discarded")))
                .containsExactly("history.discarded-" + (NOW.millis() + 2_000));
    }

    @Test
    void aDirectoryThatIsInUseIsLeftAloneAndATemporaryOneUsed() throws IOException {
        try (HistoryDirectory first = new HistoryDirectory(parent.resolve("history"), NOW);
                HistoryStore store = first.open(IDENTITY)) {
            store.write(List.of(), Map.of(0, 7L));
            try (HistoryDirectory second = new HistoryDirectory(parent.resolve("history"), NOW);
                    HistoryStore other = second.open(IDENTITY)) {
                assertThat(other.positions()).isEmpty();
                other.write(List.of(), Map.of(0, 1L));
                assertThat(names()).hasSize(3);
            }
            assertThat(store.positions()).containsEntry(0, 7L);
        }
        assertThat(names()).containsExactlyInAnyOrder("history", "history.lock");
    }

    @Test
    void aFileInItsPlaceIsMovedAside() throws IOException {
        Files.writeString(parent.resolve("history"), "not a database");
        try (HistoryDirectory directory = new HistoryDirectory(parent.resolve("history"), NOW);
                HistoryStore store = directory.open(IDENTITY)) {
            assertThat(store.positions()).isEmpty();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
