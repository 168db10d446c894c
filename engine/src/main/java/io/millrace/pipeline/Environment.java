package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The environment variables of a task, in file order; a variable is in one of the two maps.
 *
 * @param values what a run's values make of each
 * @param secrets the names of the secrets that the others hold
 */
record Environment(Map<String, Template> values, Map<String, String> secrets) {
    static final Environment NONE = new Environment(Map.of(), Map.of());

    /** These variables and those; of one that is in both, those count. */
    Environment with(Environment those) {
        Map<String, Template> allValues = new LinkedHashMap<>(values);
        allValues.keySet().removeAll(those.secrets.keySet());
        allValues.putAll(those.values);
        Map<String, String> allSecrets = new LinkedHashMap<>(secrets);
        allSecrets.keySet().removeAll(those.values.keySet());
        allSecrets.putAll(those.secrets);
        return new Environment(allValues, allSecrets);
    }
}
