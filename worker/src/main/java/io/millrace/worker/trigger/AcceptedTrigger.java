package io.millrace.worker.trigger;

/**
 * Where Kafka keeps a trigger that it has acknowledged: from now on it leads to exactly one run, or to one dead letter with its reason (G1). A run that
 * it starts names this place as its cause.
 *
 * @param topic the topic of triggers
 * @param partition the partition, from 0
 * @param offset the offset, from 0
 */
public record AcceptedTrigger(String topic, int partition, long offset) {}
