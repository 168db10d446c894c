package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerHomeTest {
    @TempDir
    Path root;

    @Test
    void keepsItsIdForTheNextLifeAndSharesItWithNoOther() throws IOException {
        String id = idOf("one");
        assertThat(idOf("one")).isEqualTo(id).hasSize(36);
        assertThat(idOf("two")).isNotEqualTo(id);
        try (WorkerHome elsewhere = WorkerHome.open(root.resolve("elsewhere"), "one")) {
            assertThat(elsewhere.id()).isNotEqualTo(id);
        }
    }

    @Test
    void makesAnIdInPlaceOfOneThatIsNoneOfItsOwn() throws IOException {
        for (String damaged : new String[] {"", "half-an-id", "x".repeat(100), "\u0000".repeat(36)}) {
            Files.createDirectories(root.resolve("one"));
            Files.writeString(root.resolve("one/lock"), damaged);
            String id = idOf("one");
            assertThat(id).matches("[0-9a-f-]{36}");
            assertThat(idOf("one")).isEqualTo(id);
        }
    }

    @Test
    void hasOneWorkerAtATime() throws IOException {
        try (WorkerHome home = WorkerHome.open(root, "one")) {
            assertThatThrownBy(() -> WorkerHome.open(root, "one"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(home.directory().toString());
        }
    }

    private String idOf(String worker) throws IOException {
        try (WorkerHome home = WorkerHome.open(root, worker)) {
            return home.id();
        }
    }
}
