package io.millrace.audit.reading;

/** Is told how far a reading of the topics is. */
@FunctionalInterface
public interface AuditProgress {
    /** Tells nobody. */
    AuditProgress SILENT = (stage, read, all) -> {};

    /**
     * So much has been read.
     *
     * @param stage what it is read for, in a few words
     * @param read how many offsets lie behind
     * @param all how many there are; offsets without a record are among them
     */
    void at(String stage, long read, long all);
}
