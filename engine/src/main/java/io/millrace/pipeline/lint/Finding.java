package io.millrace.pipeline.lint;

import io.millrace.expression.Place;

/**
 * A place of a file that a rule speaks against.
 *
 * @param rule the rule
 * @param file the name of the file
 * @param place where
 * @param message what is wrong there, without a full stop
 * @param fix what to write instead, without a full stop
 */
public record Finding(Rule rule, String file, Place place, String message, String fix) {
    /** {@code file:line:column: warning: message; fix [rule]}. */
    @Override
    public String toString() {
        return file + ":" + place + ": " + rule.severity().word() + ": " + message + "; " + fix + " [" + rule.id()
                + "]";
    }
}
