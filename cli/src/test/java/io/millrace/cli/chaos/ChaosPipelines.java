package io.millrace.cli.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pipelines of the load, and which effects a run of each is to have. */
final class ChaosPipelines {
    static final int ITEMS = 8;

    /** The first of pipelines of which each starts the next when a run of it has succeeded. */
    static final String RELAY = "relay_0";

    static final int RELAY_LENGTH = 10;

    private static final String RETRY = "defaults: {retry: {max: 8, backoff: 200ms, factor: 2, cap: 5s}}\n";

    private ChaosPipelines() {}

    /** The files by the pipelines' ids. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("chain", RETRY + """
                tasks:
                  - {id: a, java: effect}
                  - {id: b, needs: a, java: publish, queue: publishing}
                  - {id: c, needs: b, java: effect}
                """);
        files.put("diamond", RETRY + """
                tasks:
                  - {id: first, java: flaky}
                  - {id: left, needs: first, java: effect}
                  - {id: right, needs: first, java: slow}
                  - {id: last, needs: [left, right], java: effect}
                """);
        files.put("map", RETRY + """
                tasks:
                  - {id: numbers, java: list, outputs: {numbers: list}}
                  - id: each
                    needs: numbers
                    java: effect
                    for_each: {items: tasks.numbers.output.numbers, max_parallel: 4}
                  - {id: sum, needs: each, java: effect}
                """);
        files.put("parent", RETRY + """
                tasks:
                  - {id: before, java: effect}
                  - {id: child, needs: before, run: chain}
                  - {id: after, needs: child, java: effect}
                finally:
                  - {id: clean, java: effect}
                """);
        files.put("disk", RETRY + """
                tasks:
                  - {id: write, shell: "head -c 200000 /dev/zero > big && cat big > copy"}
                  - {id: note, needs: write, java: effect}
                """);
        files.put(RELAY, "tasks: [{id: pass, wait: 1ms}]\n");
        for (int i = 1; i < RELAY_LENGTH; i++) {
            files.put("relay_" + i, """
                    triggers:
                      - {id: after, upstream: relay_%d}
                    tasks: [{id: pass, wait: 1ms}]
                    """.formatted(i - 1));
        }
        files.replaceAll((id, text) -> "id: " + id + "\n" + text);
        return files;
    }

    /** The tasks of a run of this pipeline whose effect is in the ledger; those of the run that it starts are not among them. */
    static List<String> effects(String pipeline) {
        return switch (pipeline) {
            case "chain" -> List.of("a", "c");
            case "diamond" -> List.of("first", "left", "right", "last");
            case "map" -> items();
            case "parent" -> List.of("before", "after", "clean");
            case "disk" -> List.of("note");
            case RELAY -> List.of();
            default -> throw new IllegalArgumentException(pipeline);
        };
    }

    /** How many tasks a run executes, with those of the runs that it starts. */
    static int tasks(String pipeline) {
        return switch (pipeline) {
            case "chain" -> 3;
            case "diamond" -> 4;
            case "map" -> ITEMS + 2;
            case "parent" -> 6;
            case "disk" -> 2;
            case RELAY -> RELAY_LENGTH;
            default -> throw new IllegalArgumentException(pipeline);
        };
    }

    /** How many runs there are for one that is asked for. */
    static int runs(String pipeline) {
        return switch (pipeline) {
            case "parent" -> 2;
            case RELAY -> RELAY_LENGTH;
            default -> 1;
        };
    }

    private static List<String> items() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            all.add("each[" + i + "]");
        }
        all.add("sum");
        return all;
    }
}
