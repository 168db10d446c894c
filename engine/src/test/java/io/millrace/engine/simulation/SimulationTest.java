package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunEventType;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to a platform, and in whatever order, the engine does what its documentation says (G1 to G5, G10).
 * {@code -Dmillrace.simulation.steps} says how long to look, {@code -Dmillrace.seed} where to begin.
 */
class SimulationTest {
    private static final long STEPS = 200_000;
    /** Within so many steps everything that can happen has happened. */
    private static final long STEPS_FOR_ALL = 150_000;

    @Test
    void everyRunOfEveryPlatformIsAsTheOracleSaysAndComesToItsEnd() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        long steps = Long.getLong("millrace.simulation.steps", STEPS);
        Simulation simulation = new Simulation();
        long began = System.nanoTime();

        Optional<Finding> found = simulation.search(seed, steps, true);

        long taken = found.map(Finding::steps).orElse(steps);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "simulation: %,d steps in %.1f s (%,.0f a second), -Dmillrace.seed=%d%n",
                taken, seconds, taken / seconds, seed);
        assertThat(found.map(SimulationTest::report)).isEmpty();
        if (steps >= STEPS_FOR_ALL) {
            assertThat(simulation.kinds())
                    .as("the kinds of events that the simulation brings about")
                    .containsExactlyInAnyOrder(RunEventType.values());
        }
    }

    private static String report(Finding finding) {
        return finding.problem() + "\n-Dmillrace.seed=" + finding.seed() + "\n" + finding.story();
    }
}
