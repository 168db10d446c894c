package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.client.TaskView;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containers of compose/compose.yaml: scaled, and a coordinator and a worker of them killed, while runs go on. */
class ComposeIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ENOUGH = 8;

    @TempDir
    private Path directory;

    @Test
    void everyRunEndsRightWhileContainersAreScaledAndKilled() throws IOException {
        Docker.isHereWith(Docker.JAVA_IMAGE, Docker.KAFKA_IMAGE);
        assumeTrue(
                Files.isDirectory(Path.of("target", "dist", "lib")), "there is no distribution: mvn package makes it");
        try (ComposeStack stack = ComposeStack.up(2)) {
            Path sleeper = Files.writeString(directory.resolve("sleeper.yaml"), """
                    id: sleeper
                    tasks:
                      - id: work
                        shell: if [ "$MILLRACE_EPOCH" = 1 ]; then sleep 600; fi
                    """);
            for (String file :
                    List.of(sleeper.toString(), "../docs/examples/diamond.yaml", "../docs/examples/artifacts.yaml")) {
                Cli.at(stack.urls().get(0), "apply", file).ended(0);
            }
            Cli.at(stack.urls().get(1), "trigger", "artifacts", "--wait").ended(0);
            liveThrough(stack);
            areLockedDown(stack.containers("registry", "coordinator-1", "coordinator-2", "worker"));

            stack.stop();
            assertThat(stack.containers("registry", "coordinator-1", "coordinator-2", "worker"))
                    .hasSize(6)
                    .allSatisfy(container -> assertThat(
                                    container.path("State").path("ExitCode").asInt())
                            .as("%s", container.path("Name").asText())
                            .isZero());
        }
    }

    private static void liveThrough(ComposeStack stack) {
        try (AuditWatch audit = new AuditWatch(stack.access());
                FailoverLoad load = new FailoverLoad("diamond", audit, stack::urls)) {
            awaitRuns("with two workers", audit);
            stack.scale(3);
            awaitRuns("with three workers", audit);

            String sleeper = Cli.at(stack.urls().get(0), "trigger", "sleeper")
                    .ended(0)
                    .out()
                    .strip();
            stack.kill(stack.containers("coordinator-1").get(0).path("Id").asText());
            awaitRuns("with one coordinator", audit);
            killTheWorkerOf(sleeper, stack);
            awaitRuns("with one coordinator and two workers", audit);

            stack.scale(3);
            stack.awaitReady();
            awaitRuns("with all that were killed", audit);
            Map<String, String> accepted = load.stop();
            Until.holds("all runs end", LIMIT, () -> succeeded(audit).containsAll(accepted.values()));
            judge(audit, accepted);
        }
    }

    private static void awaitRuns(String when, AuditWatch audit) {
        Instant since = Instant.now();
        Until.holds("runs end " + when, LIMIT, () -> audit.endedOf(since) >= ENOUGH);
        System.out.println(ENOUGH + " runs " + when + ": "
                + Duration.between(since, Instant.now()).toMillis() + " ms");
    }

    /** Kills the container in which the first delivery of a task hangs, and returns when the run has ended well. */
    private static void killTheWorkerOf(String run, ComposeStack stack) {
        URI url = stack.urls().get(1);
        String worker = Until.found(
                "the task of " + run + " runs",
                LIMIT,
                () -> Optional.ofNullable(task(url, run).worker()));
        stack.kill(worker.replaceFirst("-\\d+$", ""));

        Until.holds("run " + run + " ends", LIMIT, () -> run(url, run).ended());
        assertThat(run(url, run).succeeded()).isTrue();
        assertThat(task(url, run).epoch()).isEqualTo(2);
        assertThat(task(url, run).worker()).isNotEqualTo(worker);
    }

    private static RunView run(URI url, String id) {
        return Json.as(
                RunView.class, Cli.at(url, "show", id, "-o", "json").ended(0).json());
    }

    private static TaskView task(URI url, String run) {
        return run(url, run).tasks().get(0);
    }

    private static void judge(AuditWatch audit, Map<String, String> accepted) {
        List<RunEvent> started = audit.events(RunEventType.RUN_STARTED)
                .filter(event -> event.getTrigger()
                        .flatMap(trigger -> trigger.getIdempotencyKey())
                        .filter(accepted::containsKey)
                        .isPresent())
                .toList();
        assertThat(started).as("G1: one run a key").hasSize(accepted.size());
        assertThat(audit.events(RunEventType.RUN_FAILED)).isEmpty();
        assertThat(audit.events(RunEventType.TASK_STARTED)
                        .map(event -> event.getRunId() + event.getTask() + event.getAttempt() + "/" + event.getEpoch()))
                .as("G2")
                .doesNotHaveDuplicates();
        assertThat(audit.events(RunEventType.TASK_SUCCEEDED).map(event -> event.getRunId() + event.getTask()))
                .as("G3")
                .doesNotHaveDuplicates();
        System.out.println(accepted.size() + " runs; tasks lost: "
                + audit.events(RunEventType.TASK_LOST).count());
    }

    private static Set<String> succeeded(AuditWatch audit) {
        return audit.events(RunEventType.RUN_SUCCEEDED).map(RunEvent::getRunId).collect(Collectors.toSet());
    }

    private static void areLockedDown(List<JsonNode> containers) {
        assertThat(containers).hasSize(6).allSatisfy(container -> {
            assertThat(container.path("Config").path("User").asText()).isEqualTo("millrace");
            assertThat(container.path("HostConfig").path("ReadonlyRootfs").asBoolean())
                    .isTrue();
            assertThat(container.path("HostConfig").path("Privileged").asBoolean())
                    .isFalse();
            container
                    .path("NetworkSettings")
                    .path("Ports")
                    .forEach(port -> port.forEach(binding ->
                            assertThat(binding.path("HostIp").asText()).isEqualTo("127.0.0.1")));
        });
    }
}
