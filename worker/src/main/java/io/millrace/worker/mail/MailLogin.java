package io.millrace.worker.mail;

/**
 * Who the worker is to a mail server.
 *
 * @param user the name
 * @param password the password, which is in no message of ours
 */
public record MailLogin(String user, String password) {
    /** Nothing of the password. */
    @Override
    public String toString() {
        return user;
    }
}
