/**
 * Hands messages to mail servers by SMTP, encrypted and with the server's certificate checked unless it is told otherwise. Knows nothing of tasks: it is told
 * what to send, and says what came of it.
 */
@NullMarked
package io.millrace.worker.mail;

import org.jspecify.annotations.NullMarked;
