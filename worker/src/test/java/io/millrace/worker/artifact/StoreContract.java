package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store has to do. */
abstract class StoreContract {
    private static final String EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path files;

    abstract ArtifactStore store();

    /** How many contents are in the store, the unfinished ones included. */
    abstract int contents() throws IOException;

    @Test
    void givesBackWhatWasPut() throws IOException {
        Transfer.Moved put = store().put(file("abc"), unlimited());
        assertThat(put.digest()).hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(put.size()).isEqualTo(3);
        assertThat(read(put.digest())).isEqualTo("abc");
    }

    @Test
    void keepsAnEmptyFile() throws IOException {
        Transfer.Moved put = store().put(file(""), unlimited());
        assertThat(put).hasToString("Moved[digest=" + EMPTY + ", size=0]");
        assertThat(read(put.digest())).isEmpty();
    }

    @Test
    void keepsOneContentOnce() throws IOException {
        Digest first = store().put(file("the same"), unlimited()).digest();
        int before = contents();
        assertThat(store().put(file("the same"), unlimited()).digest()).isEqualTo(first);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void keepsALargeFileInParts() throws IOException {
        Path large = large(40 << 20);
        Transfer.Moved put = store().put(large, unlimited());
        Path back = files.resolve("back");
        try (InputStream in = store().open(put.digest()).orElseThrow()) {
            Files.copy(in, back);
        }
        assertThat(Files.mismatch(large, back)).isEqualTo(-1);
    }

    @Test
    void keepsOneContentThatManyPutAtOnce() throws Exception {
        Path large = large(1 << 20);
        int before = contents();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Transfer.Moved>> puts = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                puts.add(workers.submit(() -> store().put(large, unlimited())));
            }
            Set<Transfer.Moved> moved = new HashSet<>();
            for (Future<Transfer.Moved> put : puts) {
                moved.add(put.get());
            }
            Digest digest = moved.iterator().next().digest();
            assertThat(moved).containsExactly(new Transfer.Moved(digest, 1 << 20));
            assertThat(contents()).isEqualTo(before + 1);
            try (InputStream in = store().open(digest).orElseThrow()) {
                assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(large));
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void doesNotKnowWhatWasNeverPut() throws IOException {
        assertThat(store().open(new Digest("0".repeat(64)))).isEmpty();
    }

    @Test
    void leavesNothingOfATransferThatIsStopped() throws IOException {
        int before = contents();
        AtomicInteger asked = new AtomicInteger();
        Path large = large(40 << 20);
        assertThatThrownBy(() -> store().put(large, new Transfer(Long.MAX_VALUE, () -> asked.incrementAndGet() > 20)))
                .isInstanceOf(Transfer.StoppedException.class);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void leavesNothingOfAFileThatIsTooLarge() throws IOException {
        int before = contents();
        Path file = file("x".repeat(1_001));
        assertThatThrownBy(() -> store().put(file, new Transfer(1_000, () -> false)))
                .isInstanceOf(Transfer.TooLargeException.class);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void sweepsWhatWasNotUsed() throws IOException {
        Digest unused = store().put(file("unused"), unlimited()).digest();
        assertThat(store().sweep(Instant.now().minusSeconds(3600), Duration.ZERO))
                .isZero();
        assertThat(read(unused)).isEqualTo("unused");
        assertThat(store().sweep(Instant.now().plusSeconds(3600), Duration.ZERO))
                .isPositive();
        assertThat(store().open(unused)).isEmpty();
        assertThat(store().sweep(Instant.now().plusSeconds(3600), Duration.ZERO))
                .isZero();
    }

    @Test
    void isSweptOnceInAWhileByAllWorkersTogether() throws IOException {
        store().put(file("first"), unlimited());
        store().sweep(Instant.now().plusSeconds(3600), Duration.ZERO);
        Digest later = store().put(file("later"), unlimited()).digest();
        assertThat(store().sweep(Instant.now().plusSeconds(3600), Duration.ofHours(1)))
                .isZero();
        assertThat(store().open(later)).isPresent();
    }

    @Test
    void canBePutAgainAfterItWasSwept() throws IOException {
        Digest digest = store().put(file("again"), unlimited()).digest();
        store().sweep(Instant.now().plusSeconds(3600), Duration.ZERO);
        assertThat(store().put(file("again"), unlimited()).digest()).isEqualTo(digest);
        assertThat(read(digest)).isEqualTo("again");
    }

    static Transfer unlimited() {
        return new Transfer(Long.MAX_VALUE, () -> false);
    }

    Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(files, "file", ".txt"), content);
    }

    Path large(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(Files.createTempFile(files, "large", ".bin"), content);
    }

    private String read(Digest digest) throws IOException {
        try (InputStream in = store().open(digest).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
