package io.millrace.worker.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to a mail server: encrypted to the server that was meant, or nothing is sent. */
@Timeout(60)
class SubmissionTest {
    private static final SSLSocketFactory PUBLIC = (SSLSocketFactory) SSLSocketFactory.getDefault();
    private static final Optional<MailLogin> LOGIN = Optional.of(new MailLogin("millrace", "very-secret"));
    private static TestingCertificate certificate;

    @BeforeAll
    static void makeTheCertificate(@TempDir Path directory) throws Exception {
        certificate = TestingCertificate.make(directory);
    }

    private static Mail mail() throws MailFault {
        return new Mail(
                "<id-1@example.org>",
                Instant.parse("2026-11-28T03:00:00Z"),
                MailAddress.parse("Millrace <millrace@example.org>"),
                List.of(MailAddress.parse("ada@example.org")),
                List.of(),
                List.of(),
                List.of(),
                "Hello",
                Optional.of("It is done."),
                Optional.empty());
    }

    private static int send(String url, Optional<String> tls, Optional<MailLogin> login, SSLSocketFactory trust)
            throws MailFault {
        return new Submission(MailServer.of(url, tls), login, trust).send(mail());
    }

    private static MailFault fault(
            String url, Optional<String> tls, Optional<MailLogin> login, SSLSocketFactory trust) {
        return catchThrowableOfType(MailFault.class, () -> send(url, tls, login, trust));
    }

    @Test
    void logsInAndSendsBehindStartTls() throws Exception {
        try (TestingMailServer server = new TestingMailServer()
                .startTls(certificate.server())
                .login("millrace", "very-secret")
                .start()) {
            assertThat(send(
                            "smtp://localhost:" + server.port(),
                            Optional.of("required"),
                            LOGIN,
                            certificate.trusting()))
                    .isEqualTo(1);

            assertThat(server.last().recipients()).containsExactly("ada@example.org");
            assertThat(server.commands.indexOf("STARTTLS"))
                    .isBetween(0, server.commands.indexOf("MAIL FROM:<millrace@example.org>"));
            assertThat(server.commands.subList(0, server.commands.indexOf("STARTTLS")))
                    .noneMatch(command -> command.startsWith("AUTH"));
        }
    }

    @Test
    void sendsByAConnectionThatIsEncryptedFromItsBeginning() throws Exception {
        try (TestingMailServer server = new TestingMailServer()
                .implicitTls(certificate.server())
                .login("millrace", "very-secret")
                .start()) {
            assertThat(send("smtps://localhost:" + server.port(), Optional.empty(), LOGIN, certificate.trusting()))
                    .isEqualTo(1);
            assertThat(server.received).hasSize(1);
        }
    }

    /** The certificate is one of localhost, and not of 127.0.0.1, whatever a reverse lookup says. */
    @ParameterizedTest
    @CsvSource({"smtp,localhost,false", "smtps,localhost,false", "smtp,127.0.0.1,true", "smtps,127.0.0.1,true"})
    void aCertificateThatNobodyTrustsOrOfAnotherNameIsRefused(String scheme, String host, boolean trusted)
            throws Exception {
        TestingMailServer server = new TestingMailServer().login("millrace", "very-secret");
        try (server) {
            if (scheme.equals("smtp")) {
                server.startTls(certificate.server()).start();
            } else {
                server.implicitTls(certificate.server()).start();
            }
            MailFault fault = fault(
                    scheme + "://" + host + ":" + server.port(),
                    scheme.equals("smtp") ? Optional.of("required") : Optional.empty(),
                    LOGIN,
                    trusted ? certificate.trusting() : PUBLIC);

            assertThat(fault.sentence()).contains(" failed without an answer: TLS: ");
            assertThat(server.received).isEmpty();
            assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));
        }
    }

    @Test
    void aServerWithoutStartTlsGetsNothingUnlessItNeedsNot() throws Exception {
        try (TestingMailServer server =
                new TestingMailServer().login("millrace", "very-secret").start()) {
            MailFault fault = fault(server.url(), Optional.of("required"), LOGIN, certificate.trusting());

            assertThat(fault.sentence()).startsWith(server.url() + " offers no STARTTLS, so that nothing is sent");
            assertThat(fault.isRetryable()).isFalse();
            assertThat(server.commands).noneMatch(command -> command.startsWith("AUTH") || command.startsWith("MAIL"));

            assertThat(send(server.url(), Optional.of("optional"), LOGIN, certificate.trusting()))
                    .isEqualTo(1);
        }
    }

    @Test
    void aServerThatAsksNobodyWhoTheyAreGetsNoMessageOfOneWhoSays() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            MailFault fault = fault(server.url(), Optional.empty(), LOGIN, certificate.trusting());

            assertThat(fault.sentence()).isEqualTo(server.url() + " takes no login: it offers no AUTH.");
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void anAnswerWithoutAnEndIsCutOff() throws Exception {
        try (TestingMailServer server = new TestingMailServer().floodAt("EHLO").start()) {
            MailFault fault = fault(server.url(), Optional.empty(), Optional.empty(), certificate.trusting());

            assertThat(fault.sentence()).contains("the server says more than 1048576 bytes");
            assertThat(fault.isRetryable()).isTrue();
        }
    }

    @Test
    void whatIsAbortedBeforeItBeginsNeverReachesTheServer() throws Exception {
        try (TestingMailServer server = new TestingMailServer().start()) {
            Submission submission =
                    new Submission(MailServer.of(server.url(), Optional.empty()), Optional.empty(), PUBLIC);
            submission.abort();

            assertThat(catchThrowableOfType(MailFault.class, () -> submission.send(mail()))
                            .isRetryable())
                    .isTrue();
            assertThat(server.received).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.org,,mail.example.org,587,REQUIRED",
        "smtp://mail.example.org:25/,none,mail.example.org,25,NONE",
        "smtp://mail.example.org,optional,mail.example.org,587,OPTIONAL",
        "SMTPS://mail.example.org,,mail.example.org,465,IMPLICIT",
        "smtp://localhost,,localhost,587,NONE",
        "smtp://127.1.2.3:2525,required,127.1.2.3,2525,REQUIRED",
        "smtp://[::1]:25,,::1,25,NONE",
        "smtp://localhost.example.org,,localhost.example.org,587,REQUIRED"
    })
    void aUrlSaysWhereAndHow(String url, String tls, String host, int port, MailServer.Tls how) throws MailFault {
        assertThat(MailServer.of(url, Optional.ofNullable(tls))).isEqualTo(new MailServer(host, port, how));
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example.org,",
        "http://mail.example.org,",
        "smtp://,",
        "smtp://user:hunter2@mail.example.org,",
        "smtp://mail.example.org:0,",
        "smtp://mail.example.org:65536,",
        "smtp://mail.example.org/inbox,",
        "smtps://mail.example.org,none",
        "smtp://mail.example.org,never"
    })
    void aUrlThatIsNoneIsRefusedAndNotQuoted(String url, String tls) {
        MailFault fault = catchThrowableOfType(MailFault.class, () -> MailServer.of(url, Optional.ofNullable(tls)));

        assertThat(fault.sentence())
                .startsWith("The mail server cannot be reached: ")
                .doesNotContain("hunter2");
        assertThat(fault.isRetryable()).isFalse();
    }
}
