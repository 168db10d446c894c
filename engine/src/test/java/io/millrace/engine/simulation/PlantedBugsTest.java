package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth what it finds: each of these bugs is planted into the engine, and has to be found. */
@Tag("any-jdk")
class PlantedBugsTest {
    private static final long SEED = 1;
    private static final long STEPS = 200_000;
    private static final int SHORT = 80;

    static List<PlantedBug> bugs() throws IOException {
        return PlantedBug.all();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFound(PlantedBug bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        Optional<Finding> found = ChangedEngine.withBug(bug, directory).search(SEED, STEPS, false);

        assertThat(found).as(bug.name()).isPresent();
        System.out.printf(
                "| %s | %d | %,d |%n", bug, found.get().seed(), found.get().steps());
    }

    @Test
    void isToldInAShortStoryThatItsSeedTellsAgain(@TempDir Path directory)
            throws IOException, ReflectiveOperationException {
        PlantedBug bug = bugs().stream()
                .filter(each -> each.name().equals("a success that comes after the attempt's time was up is accepted"))
                .findFirst()
                .orElseThrow();
        Search search = ChangedEngine.withBug(bug, directory);

        Finding found = search.search(SEED, STEPS, true).orElseThrow();
        Finding again = search.search(found.seed(), 1, false).orElseThrow();

        assertThat(again.problem()).isEqualTo(found.problem());
        assertThat(found.story().lines().count()).as(found.story()).isLessThan(SHORT);
        assertThat(found.story()).contains("id: p", "TASK_RETRIED", "expected [REPORT_REJECTED]");
    }
}
