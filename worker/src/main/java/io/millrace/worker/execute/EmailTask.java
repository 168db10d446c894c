package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.worker.mail.Mail;
import io.millrace.worker.mail.MailAddress;
import io.millrace.worker.mail.MailFault;
import io.millrace.worker.mail.MailLogin;
import io.millrace.worker.mail.MailServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads the message that an {@code email} task is. */
final class EmailTask {
    private static final int ID_BYTES = 16;

    private final Delivery delivery;
    private final ConnectorDocument document;

    EmailTask(Delivery delivery, ConnectorDocument document) {
        this.delivery = delivery;
        this.document = document;
    }

    MailServer server() throws UnexecutableException, MailFault {
        return MailServer.of(document.required("server"), document.text("tls"));
    }

    Optional<MailLogin> login() throws UnexecutableException {
        if (document.text("user").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MailLogin(document.required("user"), document.required("password")));
    }

    /** @param at when this attempt is made */
    Mail mail(Instant at) throws UnexecutableException, MailFault {
        MailAddress from = MailAddress.parse(document.required("from"));
        return new Mail(
                messageId(from),
                at,
                from,
                addresses("to"),
                addresses("cc"),
                addresses("bcc"),
                addresses("reply_to"),
                document.required("subject"),
                document.text("text"),
                document.text("html"));
    }

    /** An address, a list of them, or none. */
    private List<MailAddress> addresses(String member) throws UnexecutableException, MailFault {
        JsonNode value = document.member(member);
        if (value.isMissingNode()) {
            return List.of();
        }
        List<MailAddress> addresses = new ArrayList<>();
        for (JsonNode each : value.isArray() ? value : List.of(value)) {
            if (!each.isTextual()) {
                throw new UnexecutableException(
                        "`" + member + "` of the email task is neither an address nor a list of addresses.");
            }
            addresses.add(MailAddress.parse(each.asText()));
        }
        return addresses;
    }

    /** The same at every attempt, and of this task's alone: receivers know a repeat by it. */
    private String messageId(MailAddress from) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(delivery.idempotencyKey().getBytes(StandardCharsets.UTF_8));
            return "<" + HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES)) + "@" + from.domain() + ">";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
