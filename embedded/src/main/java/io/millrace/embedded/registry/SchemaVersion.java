package io.millrace.embedded.registry;

/**
 * One version of a subject, as it is stored.
 *
 * @param id of the content: equal in every subject and version that has it
 * @param schema {@link AvroText#text()}
 * @param deleted softly: hidden unless it is asked for, and still found by its id
 */
record SchemaVersion(String subject, int version, int id, String schema, boolean deleted) {
    SchemaVersion asDeleted() {
        return new SchemaVersion(subject, version, id, schema, true);
    }
}
