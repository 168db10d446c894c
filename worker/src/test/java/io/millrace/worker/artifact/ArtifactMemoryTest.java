package io.millrace.worker.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactMemoryTest {
    private static final long BYTES = 256L << 20;
    private static final long MOST_ALLOCATED = 4L << 20;

    @TempDir
    Path directory;

    @Test
    void storingAndFetchingTakesMemoryThatDoesNotGrowWithTheFile() throws IOException {
        Path file = directory.resolve("large.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(BYTES);
            sparse.seek(BYTES / 2);
            sparse.write(1);
        }
        Artifacts artifacts = Artifacts.open(ArtifactSettings.in(directory.resolve("store")));
        long before = allocated();

        ArtifactReference reference = artifacts.store(file, "large.bin", () -> false);
        artifacts.fetch(reference, directory.resolve("back.bin"), () -> false);

        assertThat(allocated() - before).isLessThan(MOST_ALLOCATED);
        assertThat(reference.size()).isEqualTo(BYTES);
        assertThat(Files.mismatch(file, directory.resolve("back.bin"))).isEqualTo(-1);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
