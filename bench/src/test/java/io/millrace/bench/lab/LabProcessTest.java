package io.millrace.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** Says what it was given, and ends. */
    static final class Speaker {
        public static void main(String[] lines) {
            for (String line : lines) {
                System.out.println(line);
            }
            System.err.println("no more to say");
        }
    }

    @Test
    void givesWhatComesAfterAWordAndPassesOverTheRest() {
        try (LabProcess speaker = speaker("noise", "ready 1234")) {
            assertThat(speaker.await("ready", LIMIT)).isEqualTo("1234");
        }
    }

    @Test
    void saysWhyAProcessHasEndedThatIsWaitedFor() {
        try (LabProcess speaker = speaker()) {
            assertThatThrownBy(() -> speaker.await("ready", LIMIT))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("speaker has ended")
                    .hasMessageContaining("no more to say");
            speaker.close();
            assertThatThrownBy(speaker::check).isInstanceOf(LabException.class).hasMessageContaining("no more to say");
        }
    }

    private LabProcess speaker(String... lines) {
        return LabProcess.start("speaker", directory, List.of("-Xmx32m"), Speaker.class, List.of(lines));
    }
}
