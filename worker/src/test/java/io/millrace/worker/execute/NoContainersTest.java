package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoContainersTest {
    @Test
    void theProgramIsLookedForWhereTheWorkerFindsPrograms(@TempDir Path bin) throws Exception {
        assertThat(ContainerProgram.find(Map.of("PATH", bin.toString()))).isEmpty();

        Path podman = Files.writeString(bin.resolve("podman"), "#!/bin/sh\necho \"$@\"\n");
        assertThat(podman.toFile().setExecutable(true)).isTrue();
        ContainerProgram found =
                ContainerProgram.find(Map.of("PATH", bin.toString())).orElseThrow();

        assertThat(found.isDocker()).isFalse();
        assertThat(found.ask("ps", "-a")).contains("ps -a");
    }

    @Test
    void aVariableThatTheProgramItselfHeedsMustFitOnALine(@TempDir Path directory) throws Exception {
        try (Workspace workspace = new Workspace(directory)) {
            assertThatThrownBy(() -> ContainerVariables.write(Map.of("DOCKER_HOST", "tcp://\nelsewhere"), workspace))
                    .isInstanceOf(UnexecutableException.class);
        }
        try (Workspace workspace = new Workspace(directory)) {
            ContainerVariables written =
                    ContainerVariables.write(Map.of("DOCKER_HOST", "tcp://elsewhere", "TEXT", "a\nb"), workspace);

            assertThat(written.passed()).isEqualTo(Map.of("TEXT", "a\nb"));
            assertThat(written.file()).content().isEqualTo("DOCKER_HOST=tcp://elsewhere\n");
        }
    }
}
