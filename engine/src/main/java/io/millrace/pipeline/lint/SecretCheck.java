package io.millrace.pipeline.lint;

import io.millrace.pipeline.InputSpec;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.TriggerId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds constants whose names say that they are secrets, and URLs that hold a password. */
final class SecretCheck implements Check {
    private static final Pattern SECRET_NAME = Pattern.compile(
            "(.*_)?(password|passwd|pwd|secret|token|credentials?|api_?key|private_key|access_key)(_[0-9]+)?");
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s@]+@.*");
    private static final String FIX =
            "name a secret in `env`, such as `${{ secrets.db_password }}`, whose value the worker alone knows";

    @Override
    public void check(Subject subject, Report report) {
        for (String name : subject.outline().keys("defaults", "env")) {
            if (isSecret(name, subject.outline().text("defaults", "env", name))) {
                report.add(
                        Rule.PLAIN_SECRET,
                        subject.place("defaults", "env", name),
                        "the variable " + name + " holds a secret that everybody can read",
                        FIX);
            }
        }
        for (Task task : subject.pipeline().tasks()) {
            for (String key : new String[] {"env", "with"}) {
                members(subject, task, key, report);
            }
        }
        for (TriggerDefinition trigger : subject.pipeline().triggers()) {
            inputs(subject, trigger.id(), report);
        }
        for (InputSpec input : subject.pipeline().inputs().values()) {
            Optional<String> value =
                    input.defaultValue().filter(String.class::isInstance).map(String.class::cast);
            if (isSecret(input.name(), value)) {
                report.add(
                        Rule.PLAIN_SECRET,
                        subject.place("inputs", input.name(), "default"),
                        "the default of " + input.name() + " is a secret that everybody can read",
                        FIX);
            }
        }
    }

    private static void inputs(Subject subject, TriggerId trigger, Report report) {
        for (String name : subject.outline().keysInTrigger(trigger, "inputs")) {
            if (isSecret(name, subject.outline().textInTrigger(trigger, "inputs", name))) {
                report.add(
                        Rule.PLAIN_SECRET,
                        subject.placeInTrigger(trigger, "inputs", name),
                        "the input " + name + " of the trigger " + trigger + " is a secret that everybody can read",
                        FIX);
            }
        }
    }

    private static void members(Subject subject, Task task, String key, Report report) {
        for (String name : subject.outline().keysInTask(task.id(), key)) {
            if (isSecret(name, subject.outline().textInTask(task.id(), key, name))) {
                report.add(
                        Rule.PLAIN_SECRET,
                        subject.placeInTask(task.id(), key, name),
                        (key.equals("env") ? "the variable " : "the member ") + name
                                + " holds a secret that everybody can read",
                        FIX);
            }
        }
    }

    private static boolean isSecret(String name, Optional<String> value) {
        if (value.isEmpty() || value.get().isBlank() || value.get().contains("${{")) {
            return false;
        }
        String folded =
                name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('-', '_').toLowerCase(Locale.ROOT);
        return SECRET_NAME.matcher(folded).matches()
                || PASSWORD_IN_URL.matcher(value.get()).matches();
    }
}
