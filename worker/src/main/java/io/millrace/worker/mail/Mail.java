package io.millrace.worker.mail;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One message.
 *
 * @param messageId its {@code Message-ID}, by which receivers know a repeat; with its angle brackets
 * @param date when it was written
 * @param from who it is from
 * @param to who it is for
 * @param cc who gets a copy
 * @param bcc who gets a copy that no header tells of
 * @param replyTo where answers go; empty for {@code from}
 * @param subject one line, at most 900 characters
 * @param text what it says; this, {@code html} or both, of which a reader shows one
 * @param html the same as HTML
 */
public record Mail(
        String messageId,
        Instant date,
        MailAddress from,
        List<MailAddress> to,
        List<MailAddress> cc,
        List<MailAddress> bcc,
        List<MailAddress> replyTo,
        String subject,
        Optional<String> text,
        Optional<String> html) {
    /** The most recipients of one message; servers take at least as many (RFC 5321, 4.5.3.1.8). */
    public static final int MOST_RECIPIENTS = 100;

    /** A line of a message has at most 998 characters (RFC 5322, 2.1.1), and one without spaces cannot be folded. */
    private static final int LONGEST_SUBJECT = 900;

    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    /** Copies the lists. */
    public Mail {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        replyTo = List.copyOf(replyTo);
    }

    /** All who get it. */
    public List<MailAddress> recipients() {
        return Stream.of(to, cc, bcc).flatMap(List::stream).toList();
    }

    /** @throws MailFault when it cannot be sent as it is */
    void check() throws MailFault {
        int recipients = recipients().size();
        if (recipients == 0) {
            throw refused("it has no recipient");
        }
        if (recipients > MOST_RECIPIENTS) {
            throw refused("it has " + recipients + " recipients; the limit is " + MOST_RECIPIENTS);
        }
        if (subject.chars().anyMatch(Character::isISOControl)) {
            throw refused("its subject holds a line end, or another control character");
        }
        if (subject.length() > LONGEST_SUBJECT) {
            throw refused("its subject has " + subject.length() + " characters; the limit is " + LONGEST_SUBJECT);
        }
        if (text.isEmpty() && html.isEmpty()) {
            throw refused("it has neither `text` nor `html`");
        }
    }

    /** The message as it is transferred. */
    MimeMessage mime(Session session) throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", messageId);
            }
        };
        message.setFrom(internet(from));
        message.setRecipients(Message.RecipientType.TO, internet(to));
        message.setRecipients(Message.RecipientType.CC, internet(cc));
        message.setReplyTo(internet(replyTo));
        message.setSubject(subject, UTF_8);
        message.setSentDate(Date.from(date));
        // So that nobody's absence is answered to a machine (RFC 3834).
        message.setHeader("Auto-Submitted", "auto-generated");
        if (text.isPresent() && html.isPresent()) {
            MimeMultipart both = new MimeMultipart("alternative");
            both.addBodyPart(part(text.get(), "plain"));
            both.addBodyPart(part(html.get(), "html"));
            message.setContent(both);
        } else {
            message.setText(text.or(() -> html).orElseThrow(), UTF_8, text.isPresent() ? "plain" : "html");
        }
        message.saveChanges();
        return message;
    }

    static Address[] internet(List<MailAddress> addresses) throws MessagingException {
        List<Address> internet = new ArrayList<>();
        for (MailAddress address : addresses) {
            internet.add(internet(address));
        }
        return internet.toArray(new Address[0]);
    }

    private static InternetAddress internet(MailAddress address) throws MessagingException {
        try {
            InternetAddress internet = new InternetAddress();
            internet.setAddress(address.address());
            internet.setPersonal(address.name().orElse(null), UTF_8);
            return internet;
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("Every Java has UTF-8", e);
        }
    }

    private static MimeBodyPart part(String content, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(content, UTF_8, subtype);
        return part;
    }

    private static MailFault refused(String what) {
        return MailFault.permanent("The message cannot be sent: " + what + ".");
    }
}
