package io.millrace.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void usesColoursOnAScreenAndNoneInAPipe() {
        assertThat(RecordedTerminal.screen(80).terminal().styled(Style.RED, "no"))
                .isEqualTo("\u001b[31mno\u001b[0m");
        assertThat(RecordedTerminal.pipe().terminal().styled(Style.RED, "no")).isEqualTo("no");
        assertThat(RecordedTerminal.screen(80).terminal().withoutColours().styled(Style.RED, "no"))
                .isEqualTo("no");
    }

    @Test
    void fallsBackToAsciiWhereTheLocaleHasNoUtf8() {
        assertThat(RecordedTerminal.screen(80).terminal().symbol(Symbol.DONE)).isEqualTo("✓");
        assertThat(RecordedTerminal.pipe().terminal().symbol(Symbol.DONE)).isEqualTo("+");
        assertThat(Terminal.ofProcess(Map.of("LANG", "en_GB.UTF-8")).symbol(Symbol.DONE))
                .isEqualTo("✓");
        assertThat(Terminal.ofProcess(Map.of("LC_ALL", "C", "LANG", "en_GB.UTF-8"))
                        .symbol(Symbol.DONE))
                .isEqualTo("+");
    }

    @Test
    void takesTheOutputForAPipeUnlessTheLauncherSaysOtherwise() {
        assertThat(Terminal.ofProcess(Map.of()).interactive()).isFalse();
        assertThat(Terminal.ofProcess(Map.of()).colours()).isFalse();
    }

    @Test
    void cutsWhatIsTooLongAndMarksIt() {
        assertThat(RecordedTerminal.pipe().terminal().cut("abcdefgh", 6)).isEqualTo("abc...");
        assertThat(RecordedTerminal.screen(80).terminal().cut("abcdefgh", 6)).isEqualTo("abcde…");
        assertThat(RecordedTerminal.screen(80).terminal().cut("abcdefgh", 8)).isEqualTo("abcdefgh");
    }

    @Test
    void tellsWhenNobodyReadsAnyMore() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Terminal terminal = new Terminal(closed, new ByteArrayOutputStream(), false, false, 80, 24);

        assertThatThrownBy(() -> terminal.line("anybody?")).isInstanceOf(OutputClosedException.class);
    }

    @Test
    void alignsColumnsWithoutTrailingBlanks() {
        Table table = new Table("RUN", "STATUS", "WHY");
        table.row().cell("a").cell("succeeded", Style.GREEN).cell("");
        table.row().cell("abcdef").cell("failed", Style.RED).cell("it broke");

        assertThat(table.lines(RecordedTerminal.pipe().terminal(), ""))
                .containsExactly("RUN     STATUS     WHY", "a       succeeded", "abcdef  failed     it broke");
        assertThat(table.lines(RecordedTerminal.screen(80).terminal(), "").get(1))
                .isEqualTo("a       \u001b[32msucceeded\u001b[0m");
    }

    @Test
    void redrawsABlockInPlaceAndOnlyWhenItChanged() {
        RecordedTerminal screen = RecordedTerminal.screen(80);
        LiveBlock block = new LiveBlock(screen.terminal());

        block.show(List.of("one", "two"));
        block.show(List.of("one", "two"));
        block.show(List.of("three"));
        block.clear();

        String up = "\u001b[1A\u001b[2K";
        assertThat(screen.out()).isEqualTo("one\ntwo\n" + up + up + "three\n" + up);
    }

    @Test
    void tellsDurationsInAtMostTwoUnits() {
        assertThat(Times.text(Duration.ofMillis(449))).isEqualTo("0.4s");
        assertThat(Times.text(Duration.ofMillis(-5))).isEqualTo("0.0s");
        assertThat(Times.text(Duration.ofSeconds(184))).isEqualTo("3m 04s");
        assertThat(Times.text(Duration.ofMinutes(125))).isEqualTo("2h 05m");
        assertThat(Times.text(Duration.ofHours(50))).isEqualTo("2d 02h");
        assertThat(Times.moment(Instant.parse("2026-11-22T14:03:22.118Z"), ZoneOffset.UTC))
                .isEqualTo("14:03:22.118");
    }
}
