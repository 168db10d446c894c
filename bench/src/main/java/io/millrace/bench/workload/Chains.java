package io.millrace.bench.workload;

/** Pipelines of tasks that wait for one another. */
final class Chains {
    private Chains() {}

    static String name(int tasks, String handler) {
        return "chain_" + tasks + "_" + handler;
    }

    static String of(int tasks, String handler) {
        StringBuilder yaml = new StringBuilder("id: " + name(tasks, handler) + "\ntasks:\n");
        for (int i = 1; i <= tasks; i++) {
            String needs = i == 1 ? "" : ", needs: t" + (i - 1);
            yaml.append("  - {id: t%d%s, java: %s}\n".formatted(i, needs, handler));
        }
        return yaml.toString();
    }
}
