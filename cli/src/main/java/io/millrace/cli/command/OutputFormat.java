package io.millrace.cli.command;

/** In which form a verb gives its answer. */
enum OutputFormat {
    /** For people. */
    text,
    /** For programs: one JSON document, or one a line where the answer is a stream. */
    json
}
