package io.millrace.embedded.registry;

import org.jspecify.annotations.Nullable;

/** One record of the topic, as the registry understands it. */
sealed interface Change {
    /** A version is as given: new, or softly deleted. */
    record VersionPut(SchemaVersion version) implements Change {}

    /** A version is gone for good. */
    record VersionRemoved(String subject, int version) implements Change {}

    /** All versions of a subject up to this one are softly deleted. */
    record SubjectDeleted(String subject, int upToVersion) implements Change {}

    /**
     * The level of one subject or of all.
     *
     * @param subject null for the level of all that have none of their own
     * @param level null for none any more
     */
    record LevelSet(@Nullable String subject, @Nullable CompatibilityLevel level) implements Change {}

    /** Ids up to this one have been given away, even if their schemas are gone: an id never gets a second meaning. */
    record IdsUsed(int highest) implements Change {}
}
