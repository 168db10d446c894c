package io.millrace.worker.mail;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/** Says what a failed submission means: which answer of the server it was, or that there was none. */
final class Refusal {
    private static final int LEAST_REFUSAL = 400;

    private Refusal() {}

    static MailFault of(MailServer server, SMTPTransport transport, MessagingException e) {
        List<Exception> chain = chain(e);
        List<SMTPAddressFailedException> addresses = chain.stream()
                .filter(SMTPAddressFailedException.class::isInstance)
                .map(SMTPAddressFailedException.class::cast)
                .toList();
        if (!addresses.isEmpty()) {
            return ofAddresses(server, addresses);
        }
        Optional<IOException> broken = chain.stream()
                .filter(IOException.class::isInstance)
                .map(IOException.class::cast)
                .findFirst();
        if (broken.isPresent()) {
            return unanswered(server, broken.get());
        }
        int code =
                e instanceof SMTPSendFailedException sending ? sending.getReturnCode() : transport.getLastReturnCode();
        if (code >= LEAST_REFUSAL) {
            return MailFault.answered(server + " answered " + code + ".", code, words(transport, code));
        }
        if (server.tls() == MailServer.Tls.REQUIRED && code > 0 && !transport.supportsExtension("STARTTLS")) {
            return MailFault.permanent(
                    server
                            + " offers no STARTTLS, so that nothing is sent; `tls: optional` and `tls: none` send without encryption.");
        }
        return code < 0
                ? MailFault.unanswered(server + " closed the connection without an answer.")
                : MailFault.permanent(server + " was not understood: " + oneLine(e.getMessage()));
    }

    /** There was no answer: certificates and ports that are not as they should be may be tomorrow. */
    static MailFault unanswered(MailServer server, IOException e) {
        String what = e instanceof UnknownHostException
                ? "there is no such host"
                : e instanceof SSLException ? "TLS: " + oneLine(e.getMessage()) : oneLine(e.getMessage());
        return MailFault.unanswered(server + " failed without an answer: " + what + (what.endsWith(".") ? "" : "."));
    }

    /** For good as soon as one address is refused for good: another attempt would meet it again. */
    private static MailFault ofAddresses(MailServer server, List<SMTPAddressFailedException> refused) {
        SMTPAddressFailedException worst = refused.stream()
                .max(Comparator.comparingInt(each -> each.getReturnCode() / 100))
                .orElseThrow();
        String who = refused.stream()
                .map(each -> each.getAddress().getAddress() + " (" + each.getReturnCode() + ")")
                .collect(Collectors.joining(", "));
        int code = worst.getReturnCode();
        return code < LEAST_REFUSAL
                ? MailFault.unanswered(server + " closed the connection, or was not understood, at " + who + ".")
                : MailFault.answered(
                        server + " refuses " + who + "; nobody gets the message.", code, oneLine(worst.getMessage()));
    }

    private static String words(SMTPTransport transport, int code) {
        String response = transport.getLastServerResponse();
        return response != null && response.startsWith(Integer.toString(code)) ? response : "";
    }

    /** The exception and all behind it, in the two ways in which they are chained. */
    private static List<Exception> chain(MessagingException e) {
        List<Exception> chain = new ArrayList<>();
        Exception next = e;
        while (next != null && !chain.contains(next)) {
            chain.add(next);
            Throwable cause = next.getCause();
            next = next instanceof MessagingException message && message.getNextException() != null
                    ? message.getNextException()
                    : cause instanceof Exception exception ? exception : null;
        }
        return chain;
    }

    private static String oneLine(@Nullable String message) {
        return message == null || message.isBlank()
                ? "for no known reason"
                : message.strip().replaceAll("\\s+", " ");
    }
}
