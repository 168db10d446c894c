package io.millrace.audit.verify;

/** How far the topics were read, and how far those had got who act upon them. */
public interface Coverage {
    /** Whether the record lies before the part of its partition that was read: nothing can be said of it. */
    boolean precedes(Position record);

    /**
     * Whether who acts upon the record's topic had committed an offset behind it before the end of the other topics was
     * taken. Since that commit and what follows from the record are one transaction, what follows must be on record.
     */
    boolean isDealtWith(Position record);

    /**
     * Whether the record lies so far before the end of what was read that all that was written before it, or in one transaction
     * with it, has been read, too. Of a record behind that nothing can be said that needs another.
     */
    boolean isFollowed(Position record);
}
