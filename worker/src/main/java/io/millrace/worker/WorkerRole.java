package io.millrace.worker;

import io.millrace.schemas.QueueName;
import io.millrace.schemas.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who a worker is and what it takes on: what its heartbeats say of it; immutable, and valid once it exists.
 *
 * @param id the worker's name, of letters, digits, {@code . _ -}, at most 200: the same after a restart, and no other worker's
 * @param queues the queues that it serves, at least one
 * @param slots how many tasks it executes at a time, 1 to 10,000
 * @param labels what it is labelled with, for people and for listing; at most 64
 */
public record WorkerRole(String id, Set<QueueName> queues, int slots, Map<String, String> labels) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final String ID_FORM = "1 to 200 letters, digits, '.', '_' and '-'";
    private static final int MOST_SLOTS = 10_000;
    private static final Set<QueueName> STANDARD_QUEUES = Set.of(QueueName.DEFAULT);

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException which names every mistake
     */
    public WorkerRole {
        List<String> mistakes = new ArrayList<>(WorkerLabels.mistakes(labels));
        if (!ID.matcher(id).matches()) {
            mistakes.add("workerId must be " + ID_FORM);
        }
        if (queues.isEmpty()) {
            mistakes.add("queues must name at least one queue");
        }
        if (slots < 1 || slots > MOST_SLOTS) {
            mistakes.add("slots must be 1 to " + MOST_SLOTS);
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        queues = Set.copyOf(queues);
        labels = Map.copyOf(labels);
    }

    /** The queue {@code default}, two slots for each core (at least 2), and the first name of this host that no other worker in the directory has. */
    static WorkerRole standard(Path directory) {
        return new WorkerRole(WorkerHome.firstFreeId(directory), STANDARD_QUEUES, standardSlots(), Map.of());
    }

    /**
     * Reads {@code worker.id}, {@code worker.queues}, {@code worker.slots} and {@code worker.labels}, and throws what is wrong in all settings so far: only
     * a worker that will start takes a name.
     */
    static WorkerRole read(Settings settings, Path directory) {
        var id = settings.string("worker.id", ID, ID_FORM).optional();
        Set<QueueName> queues = settings.value("worker.queues", STANDARD_QUEUES, WorkerRole::queues)
                .or(STANDARD_QUEUES);
        int slots = settings.integer("worker.slots", 1, MOST_SLOTS).or(standardSlots());
        Map<String, String> labels = settings.value("worker.labels", Map.<String, String>of(), WorkerLabels::parse)
                .or(Map.of());
        settings.check();
        return new WorkerRole(id.orElseGet(() -> WorkerHome.firstFreeId(directory)), queues, slots, labels);
    }

    WorkerRole withId(String value) {
        return new WorkerRole(value, queues, slots, labels);
    }

    WorkerRole withQueues(Set<QueueName> value) {
        return new WorkerRole(id, value, slots, labels);
    }

    WorkerRole withSlots(int value) {
        return new WorkerRole(id, queues, value, labels);
    }

    WorkerRole withLabels(Map<String, String> value) {
        return new WorkerRole(id, queues, slots, value);
    }

    private static int standardSlots() {
        return Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    }

    private static Set<QueueName> queues(String text) {
        return Pattern.compile(",")
                .splitAsStream(text)
                .map(String::strip)
                .map(QueueName::new)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
