package io.millrace.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Where what the log tells of a run differs from what the API says of it. */
final class ReplayDifference {
    private static final List<String> OF_RUN = List.of("pipeline", "version", "status", "started_at", "inputs");
    private static final List<String> OF_TASK = List.of("status", "attempt", "epoch", "output");

    private ReplayDifference() {}

    /** A sentence for each difference; none when there is none. */
    static List<String> between(JsonNode replayed, JsonNode api) {
        List<String> differences = new ArrayList<>();
        compare("the run's ", OF_RUN, replayed, api, differences);
        Map<String, JsonNode> here = byId(replayed.path("tasks"));
        Map<String, JsonNode> there = byId(api.path("tasks"));
        TreeSet<String> all = new TreeSet<>(here.keySet());
        all.addAll(there.keySet());
        for (String task : all) {
            JsonNode ours = here.get(task);
            JsonNode theirs = there.get(task);
            if (ours == null || theirs == null) {
                differences.add(
                        "the task " + task + " is known to " + (ours == null ? "the API" : "the log") + " alone");
            } else {
                compare(task + "'s ", OF_TASK, ours, theirs, differences);
            }
        }
        return differences;
    }

    private static void compare(
            String whose, List<String> members, JsonNode replayed, JsonNode api, List<String> differences) {
        for (String member : members) {
            String ours = text(replayed.path(member));
            String theirs = text(api.path(member));
            if (!ours.equals(theirs)) {
                differences.add(whose + member + " is " + ours + " by the log, and " + theirs + " by the API");
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? "nothing"
                : value.isTextual() ? value.textValue() : value.toString();
    }

    private static Map<String, JsonNode> byId(JsonNode tasks) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        tasks.forEach(task -> byId.put(task.path("id").asText(), task));
        return byId;
    }
}
