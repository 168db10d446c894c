package io.millrace.worker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The labels of a worker as they are written: {@code zone=a,disk=ssd}. */
final class WorkerLabels {
    private static final int MOST = 64;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._/-]{0,63}");
    private static final String RULE = "it must be labels such as zone=a,disk=ssd: at most " + MOST
            + ", each key once, keys of 1 to 63 and values of at most 63 letters, digits, '.', '_', '/' and '-'";

    private WorkerLabels() {}

    static Map<String, String> parse(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : text.split(",", -1)) {
            String[] parts = label.strip().split("=", 2);
            if (parts.length < 2 || labels.put(parts[0].strip(), parts[1].strip()) != null) {
                throw new IllegalArgumentException(RULE);
            }
        }
        if (!mistakes(labels).isEmpty()) {
            throw new IllegalArgumentException(RULE);
        }
        return labels;
    }

    /** What is wrong with labels, a sentence each. */
    static List<String> mistakes(Map<String, String> labels) {
        List<String> mistakes = new ArrayList<>();
        if (labels.size() > MOST) {
            mistakes.add("labels must be at most " + MOST);
        }
        labels.forEach((key, value) -> {
            if (!KEY.matcher(key).matches() || !VALUE.matcher(value).matches()) {
                mistakes.add("the label '" + key + "=" + value + "' is none: " + RULE);
            }
        });
        return mistakes;
    }
}
