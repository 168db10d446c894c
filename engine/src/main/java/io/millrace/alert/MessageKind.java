package io.millrace.alert;

/** What the channels of an alert are told. */
public enum MessageKind {
    /** Something is wrong. */
    RAISED,
    /** It has happened again, once or more often. */
    AGAIN,
    /** It is still wrong, and nobody has said that they look after it. */
    REMINDER,
    /** It is well again. */
    RESOLVED
}
