package io.millrace.worker.files;

/** A trigger of a pipeline, by the ids of both. */
record TriggerName(String pipeline, String trigger) {
    /** The key of what is known of a file. */
    String keyOf(String path) {
        return this + "/" + path;
    }

    /** The trigger that a key is of; empty parts where it is none of ours. */
    static TriggerName ofKey(String key) {
        int first = key.indexOf('/');
        int second = key.indexOf('/', first + 1);
        return first < 0 || second < 0
                ? new TriggerName("", "")
                : new TriggerName(key.substring(0, first), key.substring(first + 1, second));
    }

    @Override
    public String toString() {
        return pipeline + "/" + trigger;
    }
}
