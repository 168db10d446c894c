package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.schemas.secret.SecretException;
import io.millrace.worker.mail.Mail;
import io.millrace.worker.mail.MailFault;
import io.millrace.worker.mail.MailServer;
import io.millrace.worker.mail.Submission;
import io.millrace.worker.secret.Mask;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * Executes {@code email} tasks: one message for a mail server, whose output is {@code {"message_id": …, "accepted": …}}. At the time limit, or when it is asked
 * to stop, the connection is closed.
 *
 * <p><b>Threading:</b> the calling thread waits; the conversation with the server has a thread to itself.
 */
final class EmailExecutor implements EndableExecutor, AutoCloseable {
    /** Of a task without a time limit: as long as a server may take for its last answer (RFC 5321, 4.5.3.2.6). */
    private static final Duration STANDARD_LIMIT = Duration.ofMinutes(10);

    private final Clock clock;
    private final BlockingCalls calls;

    EmailExecutor(Clock clock, Duration killGrace) {
        this.clock = clock;
        this.calls = new BlockingCalls("millrace-email", killGrace);
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, InterruptedException {
        EmailTask task = new EmailTask(delivery, ConnectorDocument.of(delivery, output.secrets()));
        MailServer server;
        Mail mail;
        try {
            server = task.server();
            mail = task.mail(clock.instant());
        } catch (MailFault e) {
            return BlockingCalls.ended(failed(e, output.secrets().mask()), output);
        }
        Submission submission = new Submission(server, task.login(), (SSLSocketFactory) SSLSocketFactory.getDefault());
        return calls.make(
                new BlockingCalls.Call(
                        () -> outcome(submission, mail, server, output),
                        submission::abort,
                        "The connection to " + server + " was closed.",
                        "The connection to " + server),
                Optional.of(delivery.timeout().orElse(STANDARD_LIMIT)),
                output,
                stop);
    }

    @Override
    public void close() {
        calls.close();
    }

    private static Outcome outcome(Submission submission, Mail mail, MailServer server, TaskOutput output) {
        long begun = System.nanoTime();
        try {
            int accepted = submission.send(mail);
            output.system(server + " took " + mail.messageId() + " for " + accepted
                    + (accepted == 1 ? " recipient in " : " recipients in ")
                    + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
            return new Outcome.Succeeded(OutputDocument.of(JsonNodeFactory.instance
                    .objectNode()
                    .put("message_id", mail.messageId())
                    .put("accepted", accepted)));
        } catch (MailFault e) {
            return failed(e, output.secrets().mask());
        } catch (OutputDocument.InvalidOutputException e) {
            return new Outcome.Failed(Failure.invalidOutput(e.sentence()));
        }
    }

    private static Outcome failed(MailFault fault, Mask mask) {
        String message = fault.sentence() + Quotation.of(fault.detail(), mask);
        return new Outcome.Failed(
                fault.status().isPresent()
                        ? Failure.answer(message, fault.status().getAsInt(), fault.isRetryable())
                        : Failure.error(message).withRetryable(fault.isRetryable()));
    }
}
