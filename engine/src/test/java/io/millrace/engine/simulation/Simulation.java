package io.millrace.engine.simulation;

import io.millrace.engine.RunEventType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One world after another, until a rule is broken or it is enough. */
public final class Simulation implements Search {
    private final Set<RunEventType> kinds = EnumSet.noneOf(RunEventType.class);

    @Override
    public Optional<Finding> search(long seed, long steps, boolean shrink) {
        long before = 0;
        for (long at = seed; before < steps; at++) {
            Choices choices = Choices.ofSeed(at);
            World world = new World(choices, new Tale(false));
            Optional<Violation> violation = violation(world);
            if (violation.isPresent()) {
                String story = shrink ? new Shrinker(violation.get().rule()).story(choices.made()) : "";
                return Optional.of(new Finding(
                        at,
                        before + world.steps(),
                        String.valueOf(violation.get().getMessage()),
                        story));
            }
            before += world.steps();
            kinds.addAll(world.kinds());
        }
        return Optional.empty();
    }

    /** The kinds of events that there were in all worlds. */
    Set<RunEventType> kinds() {
        return kinds;
    }

    /** The rule that a world breaks; empty when it comes to its end. */
    static Optional<Violation> violation(World world) {
        try {
            world.live();
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(new Violation("simulation", e));
        }
    }
}
