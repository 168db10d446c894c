package io.millrace.worker.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address, and what could become more than one. */
class MailAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a@example.org                     | a@example.org               |
            ' a.b+c@sub.example.org '         | a.b+c@sub.example.org       |
            root@localhost                    | root@localhost              |
            a@[127.0.0.1]                     | a@[127.0.0.1]               |
            a@müller.example                  | a@xn--mller-kva.example     |
            <a@example.org>                   | a@example.org               |
            Millrace <a@example.org>          | a@example.org               | Millrace
            Doe, Jane <a@example.org>         | a@example.org               | Doe, Jane
            "jane@home" <a@example.org>       | a@example.org               | jane@home
            Jürgen Groß <a@example.org>       | a@example.org               | Jürgen Groß
            """)
    void isReadWithItsName(String text, String address, String name) throws MailFault {
        MailAddress read = MailAddress.parse(text);

        assertThat(read.address()).isEqualTo(address);
        assertThat(read.name()).isEqualTo(Optional.ofNullable(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@example.org",
                "a@",
                "a@b@c",
                "a@example.org, b@example.org",
                "a@example.org; b@example.org",
                "a@example.org b@example.org",
                "a@example.org, B <b@example.org>",
                "A <a@example.org> <b@example.org>",
                "A <a@example.org",
                "<>",
                "a@example.org>\r\nRCPT TO:<b@example.org",
                "A\r\nBcc: b@example.org\r\n <a@example.org>",
                "a@exa mple.org",
                ".a@example.org",
                "a..b@example.org",
                "a@-example.org",
                "ä@example.org",
                "a@example.org\0",
                "group: a@example.org;"
            })
    void isRefusedWhenItIsNone(String text) {
        MailFault fault = catchThrowableOfType(MailFault.class, () -> MailAddress.parse(text));

        assertThat(fault.sentence()).startsWith("The message cannot be sent: ");
        assertThat(fault.isRetryable()).isFalse();
    }

    @Test
    void isNothingThatEndsALineWhateverItIsMadeOf() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ab.@@<>\"\\,;: \t\r\n\0[]()äü-";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(24), 0, alphabet.length()).forEach(at -> text.append(alphabet.charAt(at)));
            try {
                MailAddress read = MailAddress.parse(text.toString());
                assertThat(read.address() + read.name().orElse(""))
                        .as("seed %s: %s", seed, text)
                        .doesNotContainPattern("\\p{Cntrl}");
                assertThat(read.address()).as("seed %s: %s", seed, text).matches("[!-~]+@[!-~&&[^<>@]]+");
            } catch (MailFault isNoAddress) {
                assertThat(isNoAddress.isRetryable()).isFalse();
            }
        }
    }
}
