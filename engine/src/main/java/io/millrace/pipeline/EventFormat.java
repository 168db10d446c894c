package io.millrace.pipeline;

/** What the values of a topic's records are. */
public enum EventFormat {
    /** JSON in UTF-8. */
    JSON,
    /** Avro in the Confluent wire format, with its schema in the registry. */
    AVRO,
    /** Text; what is no UTF-8 is shown as U+FFFD. */
    RAW
}
