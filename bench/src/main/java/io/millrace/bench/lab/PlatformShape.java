package io.millrace.bench.lab;

/**
 * What a platform consists of.
 *
 * @param coordinators how many
 * @param standbys how many other coordinators keep a copy of what each holds
 * @param workers how many
 * @param slots how many tasks each worker executes at a time
 * @param coordinatorGigabytes the heap of each coordinator; everything else has one gigabyte
 */
public record PlatformShape(int coordinators, int standbys, int workers, int slots, int coordinatorGigabytes) {
    /** More than they need, so that it is not the garbage collector that is measured. */
    private static final int OPEN_RUNS_IN_A_GIGABYTE = 100_000;

    /** One coordinator, and one worker with so many slots. */
    public static PlatformShape withSlots(int slots) {
        return new PlatformShape(1, 0, 1, slots, Lab.STANDARD_HEAP);
    }

    /** So many of both. */
    public PlatformShape withEach(int coordinatorsAndWorkers) {
        return new PlatformShape(coordinatorsAndWorkers, standbys, coordinatorsAndWorkers, slots, coordinatorGigabytes);
    }

    /** Two coordinators, each of which has a copy of what the other holds. */
    public PlatformShape withStandby() {
        return new PlatformShape(2, 1, workers, slots, coordinatorGigabytes);
    }

    /** Coordinators that can hold so many open runs. */
    public PlatformShape withRoomFor(int openRuns) {
        return new PlatformShape(
                coordinators, standbys, workers, slots, Lab.STANDARD_HEAP + openRuns / OPEN_RUNS_IN_A_GIGABYTE);
    }
}
