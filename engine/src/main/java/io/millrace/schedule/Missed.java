package io.millrace.schedule;

/** What becomes of ticks at which nobody was there to act on them. */
public enum Missed {
    /** Each of them is made up for. */
    ALL,
    /** The last of them is made up for, unless a tick that is not late does it anyway. */
    LAST,
    /** They are passed over. */
    NONE
}
