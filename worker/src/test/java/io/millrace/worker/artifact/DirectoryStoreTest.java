package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryStoreTest extends StoreContract {
    @Override
    ArtifactStore store() {
        return new DirectoryStore(files.resolve("store"), Clock.systemUTC());
    }

    @Override
    int contents() throws IOException {
        if (!Files.exists(files.resolve("store"))) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(files.resolve("store"))) {
            return (int) all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("last-sweep"))
                    .count();
        }
    }

    @Test
    void aUseKeepsAnOldContent() throws IOException {
        Digest digest = store().put(file("used"), unlimited()).digest();
        age(digest, Duration.ofDays(40));
        store().open(digest).orElseThrow().close();
        assertThat(store().sweep(Instant.now().minus(Duration.ofDays(30)), Duration.ZERO))
                .isZero();
        age(digest, Duration.ofDays(40));
        store().put(file("used"), unlimited());
        assertThat(store().sweep(Instant.now().minus(Duration.ofDays(30)), Duration.ZERO))
                .isZero();
        age(digest, Duration.ofDays(40));
        assertThat(store().sweep(Instant.now().minus(Duration.ofDays(30)), Duration.ZERO))
                .isOne();
    }

    @Test
    void sweepsWhatKilledWorkersLeft() throws IOException {
        store().put(file("here"), unlimited());
        Path old = Files.writeString(files.resolve("store/incoming/old.part"), "half");
        Path young = Files.writeString(files.resolve("store/incoming/young.part"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        store().sweep(Instant.EPOCH, Duration.ZERO);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    /** Where locks do not hold, two sweep at the same time: what one of them looks at again is no leftover for the other. */
    @Test
    void whatIsLookedAtAgainIsNoLeftover() throws IOException {
        store().put(file("here"), unlimited());
        Path looked = Files.writeString(
                files.resolve("store/incoming/" + Instant.now().toEpochMilli() + "-x.swept"), "old content");
        Path left = Files.writeString(
                files.resolve("store/incoming/"
                        + Instant.now().minus(Duration.ofDays(2)).toEpochMilli() + "-x.swept"),
                "of a worker that was killed");
        Files.setLastModifiedTime(looked, FileTime.from(Instant.now().minus(Duration.ofDays(40))));

        store().sweep(Instant.EPOCH, Duration.ZERO);

        assertThat(looked).exists();
        assertThat(left).doesNotExist();
    }

    /** A fresh reference never points at nothing, however often the old content is swept in the same moment. */
    @Test
    void noUseIsLostToASweep() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        Path file = file("contended");
        Callable<Void> sweeping = () -> {
            while (!done.get()) {
                new DirectorySweep(files.resolve("store"), Clock.systemUTC())
                        .sweep(Instant.now().minusSeconds(3600), Duration.ZERO);
            }
            return null;
        };
        try {
            Future<Void> one = threads.submit(sweeping);
            Future<Void> other = threads.submit(sweeping);
            Artifacts artifacts = Artifacts.open(ArtifactSettings.in(files.resolve("store")));
            for (int round = 0; round < 200; round++) {
                ArtifactReference reference = artifacts.store(file, "contended", () -> false);
                Path target = files.resolve("target-" + round);
                artifacts.fetch(reference, target, () -> false);
                assertThat(target).hasContent("contended");
                age(reference.digest(), Duration.ofDays(40));
            }
            done.set(true);
            one.get();
            other.get();
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private void age(Digest digest, Duration age) throws IOException {
        Path object = files.resolve("store/objects")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
        try {
            Files.setLastModifiedTime(object, FileTime.from(Instant.now().minus(age)));
        } catch (java.nio.file.NoSuchFileException inTheHandsOfASweeper) {
            return;
        }
    }
}
