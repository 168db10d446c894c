package io.millrace.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to a platform, and in whatever order, the engine does what its documentation says (G1 to G5, G10).
 * {@code -Dmillrace.simulation.steps} says how long to look, {@code -Dmillrace.seed} where to begin.
 */
class SimulationTest {
    private static final long STEPS = 250_000;

    @Test
    void everyRunOfEveryPlatformIsAsTheOracleSaysAndComesToItsEnd() {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        long steps = Long.getLong("millrace.simulation.steps", STEPS);
        long began = System.nanoTime();

        Optional<Finding> found = new Simulation().search(seed, steps, true);

        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "simulation: %,d steps in %.1f s (%,.0f a second), -Dmillrace.seed=%d%n",
                found.map(Finding::steps).orElse(steps), seconds, steps / seconds, seed);
        assertThat(found.map(
                        finding -> finding.problem() + "\n-Dmillrace.seed=" + finding.seed() + "\n" + finding.story()))
                .isEmpty();
    }
}
