package io.millrace.worker.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * Hands one message to a mail server (RFC 6409), by a connection of its own. The server takes it for all of its recipients or for none.
 *
 * <p><b>Threading:</b> one thread sends, once, and blocks; any other may end that at any time by {@link #abort}.
 */
public final class Submission {
    private static final int CONNECT_MILLIS = 10_000;

    private final MailServer server;
    private final Optional<MailLogin> login;
    private final SSLSocketFactory tls;
    private @Nullable Socket socket;
    private boolean aborted;

    /** @param tls says which certificates are trusted; that they are those of the server's name is checked here */
    public Submission(MailServer server, Optional<MailLogin> login, SSLSocketFactory tls) {
        this.server = server;
        this.login = login;
        this.tls = tls;
    }

    /**
     * Sends the message.
     *
     * @return how many recipients the server has accepted, which is all
     * @throws MailFault when it has not taken the message, or has not said so
     */
    public int send(Mail mail) throws MailFault {
        mail.check();
        Session session = Session.getInstance(properties());
        SMTPTransport transport = new SMTPTransport(session, name());
        try (Socket connection = connection()) {
            transport.connect(connection);
            if (login.isPresent() && !transport.supportsExtension("AUTH")) {
                throw MailFault.permanent(server + " takes no login: it offers no AUTH.");
            }
            transport.sendMessage(mail.mime(session), Mail.internet(mail.recipients()));
            leave(transport);
            return mail.recipients().size();
        } catch (MessagingException e) {
            throw Refusal.of(server, transport, e);
        } catch (IOException e) {
            throw Refusal.unanswered(server, e);
        }
    }

    /** Ends it by closing its connection; the sender fails soon after. */
    public void abort() {
        Socket open;
        synchronized (this) {
            aborted = true;
            open = socket;
        }
        // Not the encrypted socket, whose end waits for what is just being written.
        close(open);
    }

    private Socket connection() throws IOException {
        Socket plain = connected();
        if (server.tls() != MailServer.Tls.IMPLICIT) {
            return plain;
        }
        SSLSocket encrypted = (SSLSocket) tls.createSocket(plain, server.host(), server.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private Socket connected() throws IOException {
        IOException fault = new UnknownHostException(server.host());
        for (InetAddress found : InetAddress.getAllByName(server.host())) {
            // By the name that was asked for, against which its certificate is held: not by one that a reverse lookup
            // gives.
            InetAddress address = InetAddress.getByAddress(server.host(), found.getAddress());
            Socket made = taken(new BoundedSocket());
            try {
                made.connect(new InetSocketAddress(address, server.port()), CONNECT_MILLIS);
                return made;
            } catch (IOException e) {
                close(made);
                fault = e;
            }
        }
        throw fault;
    }

    private synchronized Socket taken(Socket made) throws IOException {
        socket = made;
        if (aborted) {
            made.close();
        }
        return made;
    }

    private static void close(@Nullable Socket open) {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException isClosedAllTheSame) {
            return;
        }
    }

    /** The message is taken: what goes wrong from now on changes nothing. */
    private static void leave(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException isClosedAllTheSame) {
            return;
        }
    }

    private URLName name() {
        return new URLName(
                "smtp",
                server.host(),
                server.port(),
                null,
                login.map(MailLogin::user).orElse(null),
                login.map(MailLogin::password).orElse(null));
    }

    private Properties properties() {
        boolean required = server.tls() == MailServer.Tls.REQUIRED;
        Properties properties = new Properties();
        properties.put("mail.smtp.auth", Boolean.toString(login.isPresent()));
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        properties.put(
                "mail.smtp.starttls.enable", Boolean.toString(required || server.tls() == MailServer.Tls.OPTIONAL));
        properties.put("mail.smtp.starttls.required", Boolean.toString(required));
        properties.put("mail.smtp.ssl.socketFactory", tls);
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.quitwait", "false");
        return properties;
    }
}
