package io.millrace.pipeline.lint;

import io.millrace.expression.Place;

/** Looks for what one rule or a few related ones speak against. */
interface Check {
    void check(Subject subject, Report report);

    /** Told of everything that is found. */
    interface Report {
        void add(Rule rule, Place place, String message, String fix);
    }
}
