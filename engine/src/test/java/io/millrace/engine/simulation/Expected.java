package io.millrace.engine.simulation;

import java.util.ArrayList;
import java.util.List;

/** What one step has to put on record and to order, a line each; the order among them is the engine's affair. */
final class Expected {
    final List<String> events = new ArrayList<>(4);
    final List<String> effects = new ArrayList<>(4);

    void says(String type) {
        events.add(type);
    }

    void says(String type, OracleTask task) {
        events.add(type + " " + task);
    }

    void orders(String line) {
        effects.add(line);
    }

    void clear() {
        events.clear();
        effects.clear();
    }
}
