package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.FailureKind;
import io.millrace.event.LogStream;
import io.millrace.worker.mail.TestingMailServer;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of email, against servers that answer in all the ways in which servers answer. */
@Timeout(60)
class EmailExecutorTest {
    private final Workbench bench;

    EmailExecutorTest(@TempDir Path directory) {
        bench = new Workbench(directory);
    }

    /** A message with these members, null for none. */
    private Execution send(TestingMailServer server, Object... members) {
        Map<String, Object> action = new HashMap<>(Map.of(
                "server", server.url(),
                "from", "Millrace <millrace@example.org>",
                "to", List.of("ada@example.org"),
                "subject", "It is done",
                "text", "All of it."));
        for (int i = 0; i < members.length; i += 2) {
            action.put((String) members[i], members[i + 1]);
        }
        return bench.execute("email", Workbench.json(action));
    }

    private static MimeMessage parsed(TestingMailServer.Received received) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(received.data().getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String header(TestingMailServer.Received received, String name) throws Exception {
        return parsed(received).getHeader(name, null);
    }

    @Test
    void givesTheIdOfTheMessageAndHowManyGetIt() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            Execution execution = send(
                    server,
                    "to",
                    List.of("ada@example.org", "Grace <grace@example.org>"),
                    "cc",
                    "cc@example.org",
                    "bcc",
                    List.of("hidden@example.org"),
                    "reply_to",
                    "answers@example.org");

            JsonNode output = Workbench.JSON.readTree(Workbench.output(execution));
            assertThat(output.path("accepted").asInt()).isEqualTo(4);
            TestingMailServer.Received received = server.last();
            assertThat(received.from()).isEqualTo("millrace@example.org");
            assertThat(received.recipients())
                    .containsExactly("ada@example.org", "grace@example.org", "cc@example.org", "hidden@example.org");
            assertThat(received.data()).doesNotContain("hidden");
            MimeMessage message = parsed(received);
            assertThat(message.getMessageID())
                    .isEqualTo(output.path("message_id").asText());
            assertThat(message.getFrom()).containsExactly(new InternetAddress("millrace@example.org", "Millrace"));
            assertThat(message.getRecipients(Message.RecipientType.TO))
                    .extracting(Address::toString)
                    .containsExactly("ada@example.org", "Grace <grace@example.org>");
            assertThat(message.getReplyTo()).extracting(Address::toString).containsExactly("answers@example.org");
            assertThat(message.getSubject()).isEqualTo("It is done");
            assertThat(message.getContent().toString().strip()).isEqualTo("All of it.");
            assertThat(message.getSentDate().toInstant())
                    .isBetween(Instant.now().minusSeconds(120), Instant.now().plusSeconds(1));
            assertThat(message.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
            assertThat(bench.texts(LogStream.SYSTEM))
                    .anyMatch(line -> line.startsWith(
                            server.url() + " took " + output.path("message_id").asText() + " for 4 recipients in "));
        }
    }

    @Test
    void aRepeatHasTheSameIdSoThatItIsKnownToBeOne() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            String first = Workbench.output(send(server));
            String second = Workbench.output(send(server, "subject", "It is done, again"));

            assertThat(second).isEqualTo(first);
            assertThat(header(server.received.get(0), "Message-ID"))
                    .matches("<[0-9a-f]{32}@example\\.org>")
                    .isEqualTo(header(server.received.get(1), "Message-ID"));
        }
    }

    @Test
    void sendsLettersOfAllLanguagesInAscii() throws Exception {
        String subject = "Grüße aus Köln: größer als „früher“, 日本語 " + "ä".repeat(200);
        String text = "Schöne Grüße\n日本語 \uD83D\uDE00\n" + "x".repeat(2_000) + "\n";
        try (TestingMailServer server = new TestingMailServer().start()) {
            Workbench.output(send(
                    server,
                    "from",
                    "Jürgen Groß <j@müller.example>",
                    "subject",
                    subject,
                    "text",
                    text,
                    "html",
                    "<p>ü</p>"));

            TestingMailServer.Received received = server.last();
            assertThat(received.from()).isEqualTo("j@xn--mller-kva.example");
            assertThat(received.data()).matches("[\\x20-\\x7e\\r\\n\\t]*");
            assertThat(received.data().lines()).allMatch(line -> line.length() <= 998);
            MimeMessage message = parsed(received);
            assertThat(message.getSubject()).isEqualTo(subject);
            assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo("Jürgen Groß");
            assertThat(message.getContentType()).startsWith("multipart/alternative");
            Multipart both = (Multipart) message.getContent();
            assertThat(both.getBodyPart(0).getContentType()).startsWith("text/plain");
            assertThat(both.getBodyPart(0)
                            .getContent()
                            .toString()
                            .replace("\r\n", "\n")
                            .stripTrailing())
                    .isEqualTo(text.stripTrailing());
            assertThat(both.getBodyPart(1).getContentType()).startsWith("text/html");
            assertThat(both.getBodyPart(1).getContent()).isEqualTo("<p>ü</p>");
        }
    }

    @Test
    void htmlAloneIsHtml() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            Workbench.output(send(server, "text", null, "html", "<b>done</b>"));

            assertThat(parsed(server.last()).getContentType()).startsWith("text/html; charset=UTF-8");
        }
    }

    @Test
    void aTextThatLooksLikeTheEndOfAMessageIsPartOfIt() throws Exception {
        String text = "one\r\n.\r\nMAIL FROM:<evil@example.org>\n.\n\n..two";
        try (TestingMailServer server = new TestingMailServer().start()) {
            Workbench.output(send(server, "text", text));

            assertThat(server.received).hasSize(1);
            assertThat(server.commands).doesNotContain("MAIL FROM:<evil@example.org>");
            assertThat(parsed(server.last())
                            .getContent()
                            .toString()
                            .replace("\r\n", "\n")
                            .strip())
                    .isEqualTo(text.replace("\r\n", "\n"));
        }
    }

    @Test
    void logsInWithASecretThatIsSeenNowhere() throws Exception {
        bench.knowing(Map.of("smtp_password", "very-secret-password"));
        try (TestingMailServer server = new TestingMailServer()
                .login("millrace", "very-secret-password")
                .start()) {
            Execution execution = send(server, "user", "millrace", "secrets", Map.of("/password", "smtp_password"));

            assertThat(Workbench.output(execution)).doesNotContain("very-secret");
            assertThat(server.received).hasSize(1);
            assertThat(bench.lines.toString()).doesNotContain("very-secret").doesNotContain("dmVyeS1zZWNyZXQ");
        }
    }

    @ParameterizedTest
    @CsvSource({"535 5.7.8 very-secret-password is wrong,535,false", "454 4.7.0 try later,454,true"})
    void aLoginThatIsRefusedFailsWithoutAWordOfThePassword(String answer, int status, boolean retryable)
            throws Exception {
        bench.knowing(Map.of("smtp_password", "very-secret-password"));
        try (TestingMailServer server = new TestingMailServer()
                .login("millrace", "another")
                .answering("AUTH", answer)
                .start()) {
            Failure failure = Workbench.failure(
                    send(server, "user", "millrace", "secrets", Map.of("/password", "smtp_password")));

            assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
            assertThat(failure.retryable()).isEqualTo(retryable);
            assertThat(failure.message())
                    .startsWith(server.url() + " answered " + status + ". It says: " + answer.substring(0, 9))
                    .doesNotContain("very-secret");
            assertThat(bench.lines.toString()).doesNotContain("very-secret");
            assertThat(server.received).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT,554 5.3.2 not today,554,false",
        "CONNECT,421 4.3.2 too busy,421,true",
        "MAIL,550 5.7.1 not from you,550,false",
        "MAIL,451 4.3.0 try later,451,true",
        "DATA,554 5.6.0 no,554,false",
        "DATA,452 4.3.1 disk full,452,true",
        "'.',554 5.7.1 spam,554,false",
        "'.',451 4.7.1 greylisted,451,true"
    })
    void anAnswerSaysWhetherAnotherAttemptMayHelp(String command, String answer, int status, boolean retryable)
            throws Exception {
        try (TestingMailServer server =
                new TestingMailServer().answering(command, answer).start()) {
            Failure failure = Workbench.failure(send(server));

            assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
            assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
            assertThat(failure.retryable()).isEqualTo(retryable);
            assertThat(failure.message()).isEqualTo(server.url() + " answered " + status + ". It says: " + answer);
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void oneAddressThatIsRefusedForGoodFailsForGoodAndNobodyGetsTheMessage() throws Exception {
        try (TestingMailServer server = new TestingMailServer()
                .answering("RCPT TO:<gone@", "550 5.1.1 no such user")
                .answering("RCPT TO:<full@", "452 4.2.2 mailbox full")
                .start()) {
            Failure failure = Workbench.failure(
                    send(server, "to", List.of("full@example.org", "ada@example.org", "gone@example.org")));

            assertThat(failure.status()).isEqualTo(OptionalInt.of(550));
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.message())
                    .isEqualTo(server.url()
                            + " refuses full@example.org (452), gone@example.org (550); nobody gets the message."
                            + " It says: 550 5.1.1 no such user");
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void anAddressThatIsRefusedForNowIsWorthAnotherAttempt() throws Exception {
        try (TestingMailServer server = new TestingMailServer()
                .answering("RCPT", "450 4.2.1 mailbox busy")
                .start()) {
            Failure failure = Workbench.failure(send(server));

            assertThat(failure.status()).isEqualTo(OptionalInt.of(450));
            assertThat(failure.retryable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void theTimeOfTheAttemptHolds(String command) throws Exception {
        try (TestingMailServer server =
                new TestingMailServer().silentAt(command).start()) {
            bench.timeout(Duration.ofMillis(700));
            Failure failure = Workbench.failure(send(server));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.message())
                    .isEqualTo("The time limit of 700ms was up. The connection to " + server.url() + " was closed.");
            assertThat(server.closedByClient.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancellationClosesTheConnection() throws Exception {
        try (TestingMailServer server = new TestingMailServer().silentAt("DATA").start()) {
            CompletableFuture<Execution> execution = CompletableFuture.supplyAsync(() -> send(server));
            assertThat(server.silent.await(30, TimeUnit.SECONDS)).isTrue();
            bench.stop.request(StopSignal.Reason.CANCELLED, "Somebody cancelled it.");

            Execution ended = execution.get(30, TimeUnit.SECONDS);
            assertThat(ended.outcome()).isInstanceOf(Outcome.Stopped.class);
            assertThat(ended.slotFree()).isDone();
            assertThat(server.closedByClient.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void aServerThatHangsUpIsWorthAnotherAttempt() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            Thread server = new Thread(() -> {
                try {
                    listener.accept().close();
                } catch (IOException closed) {
                    return;
                }
            });
            server.start();
            Failure failure = Workbench.failure(bench.execute(
                    "email",
                    Workbench.json(Map.of(
                            "server", "smtp://127.0.0.1:" + listener.getLocalPort(),
                            "from", "a@example.org",
                            "to", "b@example.org",
                            "subject", "s",
                            "text", "t"))));

            assertThat(failure.retryable()).isTrue();
            assertThat(failure.status()).isEmpty();
            assertThat(failure.message()).contains("without an answer");
        }
    }

    @Test
    void aPortWhereNobodyListensIsWorthAnotherAttempt() throws Exception {
        TestingMailServer server = new TestingMailServer();
        server.close();
        Failure failure = Workbench.failure(send(server));

        assertThat(failure.kind()).isEqualTo(FailureKind.ERROR);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.message()).isEqualTo(server.url() + " failed without an answer: Connection refused.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from", "to", "cc", "bcc", "reply_to", "subject"})
    void nothingCanBeSlippedIntoTheHeader(String member) throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            for (String end : List.of("\r\n", "\n", "\r")) {
                Failure failure =
                        Workbench.failure(send(server, member, "a@example.org" + end + "Bcc: evil@example.org"));

                assertThat(failure.retryable()).isFalse();
                assertThat(failure.message())
                        .startsWith("The message cannot be sent: ")
                        .endsWith("holds a line end, or another control character.");
            }
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void whatIsNoMessageIsRefused() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            assertRefused(send(server, "to", null), "The message cannot be sent: it has no recipient.");
            assertRefused(send(server, "to", List.of()), "The message cannot be sent: it has no recipient.");
            assertRefused(send(server, "to", "ada"), "The message cannot be sent: \"ada\" is no address.");
            assertRefused(
                    send(server, "to", List.of(7)),
                    "`to` of the email task is neither an address nor a list of addresses.");
            assertRefused(
                    send(
                            server,
                            "to",
                            IntStream.range(0, 101)
                                    .mapToObj(i -> "u" + i + "@example.org")
                                    .toList()),
                    "The message cannot be sent: it has 101 recipients; the limit is 100.");
            assertRefused(
                    send(server, "subject", "x".repeat(901)),
                    "The message cannot be sent: its subject has 901 characters; the limit is 900.");
            assertRefused(send(server, "text", null), "The message cannot be sent: it has neither `text` nor `html`.");
            assertRefused(
                    send(server, "server", "http://127.0.0.1"),
                    "The mail server cannot be reached: the scheme of the URL is http, neither smtp nor smtps.");
            assertThat(server.received).isEmpty();
        }
    }

    private static void assertRefused(Execution execution, String sentence) {
        Failure failure = Workbench.failure(execution);
        assertThat(failure.message()).isEqualTo(sentence);
        assertThat(failure.retryable()).isFalse();
    }
}
