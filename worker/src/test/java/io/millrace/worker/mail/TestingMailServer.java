package io.millrace.worker.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server (RFC 5321, with STARTTLS and AUTH) that takes what it is given and remembers it, or answers as the test says.
 *
 * <p><b>Threading:</b> what it does is said before {@link #start}; each connection has a thread.
 */
public final class TestingMailServer implements AutoCloseable {
    /** A message: the envelope and what was transferred, dots undone. */
    public record Received(String from, List<String> recipients, String data) {}

    /** What clients said, but for messages. */
    public final List<String> commands = new CopyOnWriteArrayList<>();

    public final List<Received> received = new CopyOnWriteArrayList<>();
    /** The server was told what it does not answer. */
    public final CountDownLatch silent = new CountDownLatch(1);

    public final CountDownLatch closedByClient = new CountDownLatch(1);

    private final Map<String, String> answers = new LinkedHashMap<>();
    private final ServerSocket listener;
    private Optional<SSLContext> tls = Optional.empty();
    private Optional<String> login = Optional.empty();
    private boolean implicit;
    private String silentAt = "";
    private String floodAt = "";

    public TestingMailServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    /** Answers each command that begins so by this; {@code CONNECT} and {@code .} stand for the greeting and the end of a message. */
    public TestingMailServer answering(String command, String answer) {
        answers.put(command, answer);
        return this;
    }

    /** Answers no command that begins so. */
    public TestingMailServer silentAt(String command) {
        silentAt = command;
        return this;
    }

    /** Answers a command that begins so without an end. */
    public TestingMailServer floodAt(String command) {
        floodAt = command;
        return this;
    }

    public TestingMailServer startTls(SSLContext context) {
        tls = Optional.of(context);
        return this;
    }

    public TestingMailServer implicitTls(SSLContext context) {
        tls = Optional.of(context);
        implicit = true;
        return this;
    }

    public TestingMailServer login(String user, String password) {
        login = Optional.of("\0" + user + "\0" + password);
        return this;
    }

    public TestingMailServer start() {
        Thread thread = new Thread(this::accept, "testing-mail-server");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "smtp://127.0.0.1:" + port();
    }

    public Received last() {
        return received.get(received.size() - 1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> serve(socket), "testing-mail-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket socket) {
        try (Conversation conversation = new Conversation(socket)) {
            conversation.hold();
        } catch (IOException broken) {
            closedByClient.countDown();
        }
    }

    /** One connection. */
    private final class Conversation implements AutoCloseable {
        private Socket socket;
        private InputStream in;
        private boolean encrypted;
        private String from = "";
        private List<String> recipients = new ArrayList<>();

        Conversation(Socket plain) throws IOException {
            socket = plain;
            in = new BufferedInputStream(plain.getInputStream());
        }

        void hold() throws IOException {
            if (implicit) {
                encrypt();
            }
            say(answer("CONNECT").orElse("220 mail.example.org ESMTP"));
            boolean goesOn = true;
            while (goesOn) {
                Optional<String> line = line();
                if (line.isEmpty()) {
                    closedByClient.countDown();
                    return;
                }
                commands.add(line.get());
                goesOn = heed(line.get());
            }
        }

        private boolean heed(String line) throws IOException {
            if (!silentAt.isEmpty() && line.startsWith(silentAt)) {
                silent.countDown();
                while (in.read() >= 0) {}
                closedByClient.countDown();
                return false;
            }
            while (!floodAt.isEmpty() && line.startsWith(floodAt)) {
                say("250-and another thing");
            }
            Optional<String> told = answer(line);
            if (told.isPresent()) {
                say(told.get());
                return !told.get().startsWith("421");
            }
            switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
                case "EHLO" -> say("250-mail.example.org\r\n" + extensions() + "250 SIZE 1000000");
                case "STARTTLS" -> {
                    say("220 go ahead");
                    encrypt();
                }
                case "AUTH" ->
                    say(isKnown(line.split(" ")[2]) ? "235 2.7.0 welcome" : "535 5.7.8 wrong user or password");
                case "MAIL" -> {
                    from = address(line);
                    recipients = new ArrayList<>();
                    say("250 ok");
                }
                case "RCPT" -> {
                    recipients.add(address(line));
                    say("250 ok");
                }
                case "DATA" -> {
                    say("354 end with a dot");
                    String data = message();
                    Optional<String> end = answer(".");
                    if (end.isEmpty()) {
                        received.add(new Received(from, List.copyOf(recipients), data));
                    }
                    say(end.orElse("250 2.0.0 taken"));
                }
                case "QUIT" -> {
                    say("221 bye");
                    return false;
                }
                case "RSET", "NOOP" -> say("250 ok");
                default -> say("500 what?");
            }
            return true;
        }

        /** As PLAIN has it (RFC 4616): whom to act as, who it is, and the password. */
        private boolean isKnown(String given) {
            String text = new String(Base64.getDecoder().decode(given), UTF_8);
            return login.equals(Optional.of(text.substring(text.indexOf('\0'))));
        }

        private String extensions() {
            return (tls.isPresent() && !encrypted ? "250-STARTTLS\r\n" : "")
                    + (login.isPresent() ? "250-AUTH PLAIN LOGIN\r\n" : "");
        }

        private void encrypt() throws IOException {
            SSLSocket secure =
                    (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(socket, null, port(), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            socket = secure;
            in = new BufferedInputStream(secure.getInputStream());
            encrypted = true;
        }

        private String message() throws IOException {
            StringBuilder data = new StringBuilder();
            while (true) {
                String line = line().orElseThrow(() -> new IOException("no end"));
                if (line.equals(".")) {
                    return data.toString();
                }
                data.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
        }

        private Optional<String> line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int previous = -1;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (previous == '\r' && next == '\n') {
                    String text = line.toString(ISO_8859_1);
                    return Optional.of(text.substring(0, text.length() - 1));
                }
                line.write(next);
                previous = next;
            }
            return Optional.empty();
        }

        private void say(String answer) throws IOException {
            socket.getOutputStream().write((answer + "\r\n").getBytes(UTF_8));
            socket.getOutputStream().flush();
        }

        private Optional<String> answer(String line) {
            return answers.entrySet().stream()
                    .filter(answer -> line.startsWith(answer.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }

        private static String address(String line) {
            return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
