package io.millrace.cli.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares an answer with the one that a page shows, member by member: names, kinds of values and forms of times, not the values. A
 * member "…" of the page stands for others that it leaves out; null, on either side, for "nothing to say just now".
 */
final class JsonShape {
    private static final String OTHERS = "…";
    private static final String MOMENT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final List<String> differences = new ArrayList<>();

    private JsonShape() {}

    /** A sentence for each difference; none when they are alike. */
    static List<String> differences(JsonNode shown, JsonNode answer) {
        JsonShape shape = new JsonShape();
        shape.compare("", shown, answer);
        return shape.differences;
    }

    private void compare(String path, JsonNode shown, JsonNode answer) {
        if (shown.isNull() || answer.isNull()) {
            return;
        }
        if (shown.getNodeType() != answer.getNodeType()) {
            differences.add(path + " is shown as " + shown.getNodeType() + " and is " + answer.getNodeType());
        } else if (shown.isObject()) {
            compareMembers(path, shown, answer);
        } else if (shown.isArray()) {
            for (int i = 0; i < answer.size() && !shown.isEmpty(); i++) {
                compare(path + "[" + i + "]", shown.path(Math.min(i, shown.size() - 1)), answer.path(i));
            }
        } else if (shown.asText().matches(MOMENT) && !answer.asText().matches(MOMENT)) {
            differences.add(path + " is shown as a time and is " + answer);
        }
    }

    private void compareMembers(String path, JsonNode shown, JsonNode answer) {
        shown.properties().forEach(member -> {
            String name = path + "." + member.getKey();
            if (answer.has(member.getKey())) {
                compare(name, member.getValue(), answer.path(member.getKey()));
            } else if (!member.getKey().equals(OTHERS)) {
                differences.add(name + " is shown and is not in the answer");
            }
        });
        if (!shown.has(OTHERS)) {
            answer.fieldNames().forEachRemaining(name -> {
                if (!shown.has(name)) {
                    differences.add(path + "." + name + " is in the answer and is not shown");
                }
            });
        }
    }
}
