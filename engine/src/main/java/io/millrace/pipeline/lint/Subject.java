package io.millrace.pipeline.lint;

import io.millrace.expression.Place;
import io.millrace.pipeline.Outline;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerId;
import java.util.Optional;
import java.util.stream.Stream;

/** What is judged: the pipeline as it is, and its file as it is written. */
record Subject(Pipeline pipeline, Outline outline) {
    private static final Place START = new Place(1, 1);

    Place place(String... keys) {
        return outline.place(keys).or(() -> outline.place("id")).orElse(START);
    }

    /** The value of a trigger's key; where the triggers begin when the key is not written there. */
    Place placeInTrigger(TriggerId trigger, String... keys) {
        return outline.placeInTrigger(trigger, keys).orElseGet(() -> place("triggers"));
    }

    /** The value of a task's key; where its id stands when the key is not written there. */
    Place placeInTask(TaskId task, String... keys) {
        return outline.placeInTask(task, keys)
                .or(() -> outline.placeInTask(task))
                .orElse(START);
    }

    /** The value of a key that a task has, or else {@code defaults}. */
    Place placeOfSetting(TaskId task, String... keys) {
        String[] inDefaults =
                Stream.concat(Stream.of("defaults"), Stream.of(keys)).toArray(String[]::new);
        return outline.placeInTask(task, keys)
                .or(() -> outline.place(inDefaults))
                .orElseGet(() -> placeInTask(task));
    }

    /** Where a task or, for all tasks, {@code defaults} has this key. */
    boolean says(TaskId task, String key) {
        Optional<Place> own = outline.placeInTask(task, key);
        return own.isPresent() || outline.place("defaults", key).isPresent();
    }
}
