package io.millrace.engine.simulation;

/** When another attempt follows, and how long after. */
record PlannedRetry(int max, Objection objection, long backoffMillis, int factor, double jitter, long capMillis) {
    /** Failures that are not tried again. */
    enum Objection {
        NONE,
        /** From the second on. */
        LATER,
        /** Those of time. */
        TIMEOUT
    }

    static final PlannedRetry NONE = new PlannedRetry(0, Objection.NONE, 1_000, 2, 0.2, 60_000);

    boolean objects(int attempt, String kind) {
        return objection == Objection.LATER && attempt >= 2 || objection == Objection.TIMEOUT && kind.equals("timeout");
    }

    /** The shortest wait after so many failed attempts. */
    long leastMillis(int failedAttempts) {
        return (long) Math.floor(plainMillis(failedAttempts) * (1 - jitter));
    }

    /** The longest. */
    long mostMillis(int failedAttempts) {
        return (long) Math.ceil(plainMillis(failedAttempts) * (1 + jitter));
    }

    private double plainMillis(int failedAttempts) {
        double wait = backoffMillis;
        for (int i = 1; i < failedAttempts; i++) {
            wait = Math.min(wait * factor, capMillis);
        }
        return Math.min(wait, capMillis);
    }
}
