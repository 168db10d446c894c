package io.millrace.pipeline;

import io.millrace.expression.Document;
import java.util.List;

/** The output of a task, held against what the task declares. */
public final class Outputs {
    private Outputs() {}

    /**
     * What is wrong with an output, a sentence each: a declared member that is missing or of another type. Members that are not
     * declared are allowed, and so is any object where the task declares none.
     */
    public static List<String> problems(Task task, Document output) {
        throw new UnsupportedOperationException(task.id() + output.json());
    }
}
