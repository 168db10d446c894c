package io.millrace.coordinator.query;

/** A run's summary and the bytes that it is folded from, as the database has them or is about to be given them. */
record StoredRun(RunSummary summary, byte[] bytes) {}
