package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void endsLinesAtLineFeedsAndDropsTheCarriageReturnBeforeOne() {
        split("one\ntwo\r\n\nfour\rstill four\n");
        assertThat(lines).containsExactly("one", "two", "", "four\rstill four");
    }

    @Test
    void givesOutALastLineWithoutAnEnd() {
        split("one\ntwo");
        assertThat(lines).containsExactly("one", "two");
    }

    @Test
    void replacesWhatIsNotUtf8() {
        split(new byte[] {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3});
        assertThat(lines).containsExactly("a\uFFFDb", "\uFFFD");
    }

    @Test
    void keepsNulBytesAndFourByteCharacters() {
        split("a\0b\n\uD83D\uDE00\n");
        assertThat(lines).containsExactly("a\0b", "\uD83D\uDE00");
    }

    @Test
    void givesOutTheBeginningOfAGiganticLineOnceAndGoesOnWithTheNext() {
        LineSplitter splitter = new LineSplitter(lines::add);
        byte[] part = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 64; i++) {
            splitter.feed(part, part.length);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).hasSizeGreaterThan(TaskOutput.MAX_LINE_CHARS);
        byte[] next = "\nnext\n".getBytes(StandardCharsets.UTF_8);
        splitter.feed(next, next.length);
        splitter.finish();
        assertThat(lines).hasSize(2).last().isEqualTo("next");
    }

    @Test
    void makesTheSameLinesHoweverTheBytesAreCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        split(bytes);
        List<String> whole = List.copyOf(lines);
        lines.clear();
        LineSplitter splitter = new LineSplitter(lines::add);
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(50));
            byte[] part = java.util.Arrays.copyOfRange(bytes, at, at + count);
            splitter.feed(part, count);
            at += count;
        }
        splitter.finish();
        assertThat(lines).as("seed " + seed).isEqualTo(whole);
    }

    private void split(String text) {
        split(text.getBytes(StandardCharsets.UTF_8));
    }

    private void split(byte[] bytes) {
        LineSplitter splitter = new LineSplitter(lines::add);
        splitter.feed(bytes, bytes.length);
        splitter.finish();
    }
}
