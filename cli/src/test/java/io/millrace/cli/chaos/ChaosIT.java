package io.millrace.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.audit.reading.AuditProgress;
import io.millrace.audit.reading.AuditResult;
import io.millrace.audit.reading.AuditSettings;
import io.millrace.audit.reading.LogAudit;
import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.replay.Replay;
import io.millrace.audit.replay.Until;
import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.PipelineBundle;
import io.millrace.cli.client.Query;
import io.millrace.cli.client.RunDocument;
import io.millrace.cli.command.ReplayAgreement;
import io.millrace.cli.endtoend.EventCounts;
import io.millrace.event.RunEventType;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1 to G10 on real processes, whatever happens to them. Set with {@code -Dmillrace.seed}, {@code -Dmillrace.chaos.faults} and
 * {@code -Dmillrace.chaos.tasks}; a report is written to {@code target/chaos.json}.
 */
class ChaosIT {
    private static final int FAULTS = Integer.getInteger("millrace.chaos.faults", 8);
    private static final int TASKS = Integer.getInteger("millrace.chaos.tasks", 2_000);
    private static final int OPEN = Integer.getInteger("millrace.chaos.open", 60);
    /** After so many faults the log so far is verified. */
    private static final int AUDITED_EVERY = 25;

    private static final Duration REST = Duration.ofMinutes(Long.getLong("millrace.chaos.rest.minutes", 10));

    @TempDir
    private Path directory;

    private final ObjectNode report = Json.object();

    @Test
    void everyGuaranteeHoldsWhateverHappens() throws IOException {
        long seed = Long.getLong("millrace.seed", new Random().nextLong());
        report.put("seed", seed);
        System.out.println("-Dmillrace.seed=" + seed);
        Random random = new Random(seed);
        try (SmallDisk disk = new SmallDisk(directory.resolve("work-w1"));
                Network network = new Network();
                Stack stack = new Stack(directory, network.remote(), WrongClock.build(directory))) {
            stack.peculiarities().forEach(report.putArray("peculiarities")::add);
            stack.begin();
            prepare(stack);
            try (EventCounts counter = new EventCounts(stack.access());
                    Load load = new Load(stack, counter, random, TASKS, OPEN)) {
                storm(stack, new Injector(stack, disk, random), load, counter);
                load.enough();
                comeToRest(stack, load, counter);
                judge(stack, load);
            }
        } finally {
            Files.writeString(Path.of("target", "chaos.json"), Json.pretty(report));
            System.out.println(Json.pretty(report));
        }
    }

    /** A network of its own for one worker, where that can be had. */
    private static final class Network implements AutoCloseable {
        private final @Nullable Remote remote = Remote.isPossible() ? new Remote() : null;

        @Nullable
        Remote remote() {
            return remote;
        }

        @Override
        public void close() {
            if (remote != null) {
                remote.close();
            }
        }
    }

    private static void prepare(Stack stack) {
        try (Admin admin = Admin.create(stack.access().adminProperties())) {
            admin.createTopics(List.of(new NewTopic(ChaosWorker.EFFECTS, 3, (short) 3)))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
        ApiClient api = stack.apis().get(0);
        ChaosPipelines.files().forEach((id, file) -> api.apply(id, new PipelineBundle(id + ".yaml", file, Map.of())));
    }

    /** Fault after fault, each while runs go on. */
    private void storm(Stack stack, Injector injector, Load load, EventCounts counter) {
        Instant begun = Instant.now();
        List<Long> recoveries = new ArrayList<>();
        for (int fault = 0; fault < FAULTS; fault++) {
            Fault next = injector.next();
            Instant at = Instant.now();
            injector.inject(next);
            Instant mended = Instant.now();
            long ended = counter.ended();
            io.millrace.cli.endtoend.Until.holds(
                    "runs end after " + next, REST, () -> counter.ended() > ended || load.isDone());
            recoveries.add(Duration.between(mended, Instant.now()).toMillis());
            System.out.printf(
                    "%3d %-24s took %5d ms, then %5d ms to the next run's end; %d runs, %d tasks%n",
                    fault + 1,
                    next,
                    Duration.between(at, mended).toMillis(),
                    recoveries.get(fault),
                    counter.ended(),
                    load.tasksSent());
            if ((fault + 1) % AUDITED_EVERY == 0) {
                AuditResult audit = audit(stack);
                System.out.printf("    audited in %d ms: %s%n", audit.took().toMillis(), audit.records());
                assertThat(audit.verdict().violations()).isEmpty();
            }
        }
        ObjectNode faults = report.putObject("faults");
        injector.done().forEach((fault, times) -> faults.put(fault.name(), times));
        report.put("fault_count", FAULTS);
        report.put("storm_seconds", Duration.between(begun, Instant.now()).toSeconds());
        recoveries.sort(Long::compare);
        report.put("next_run_ended_after_millis_median", recoveries.get(recoveries.size() / 2));
        report.put("next_run_ended_after_millis_max", recoveries.get(recoveries.size() - 1));
    }

    private void comeToRest(Stack stack, Load load, EventCounts counter) {
        io.millrace.cli.endtoend.Until.holds("the load is done", Duration.ofHours(2), load::isDone);
        stack.awaitBrokers();
        try {
            io.millrace.cli.endtoend.Until.holds(
                    "all runs end: " + load.runs(), REST, () -> counter.ended() >= load.runs());
        } catch (AssertionError e) {
            tellWhatIsOpen(stack);
            throw e;
        }
        report.put("runs", counter.ended());
        report.put("tasks", load.tasksSent());
    }

    /** For the report of a failure: the runs that have not ended, and why. */
    private static void tellWhatIsOpen(Stack stack) {
        ApiClient api = stack.apis().get(0);
        api.runs(Query.ALL.with("status", Optional.of("running")))
                .first(50)
                .entries()
                .forEach(run -> System.out.println(api.why(run.path("id").asText(), Optional.empty())));
        AuditResult audit = audit(stack);
        System.out.printf(
                "%s%nunder way: %s%n",
                audit.verdict().violations(), audit.verdict().underWay());
        tellWhoServesQueues(stack);
        System.out.println(stack.said());
    }

    /** Whose the partitions of the queues are, how far they have been claimed, and how far they can be read. */
    private static void tellWhoServesQueues(Stack stack) {
        try (Admin admin = Admin.create(stack.access().adminProperties())) {
            for (GroupListing group : admin.listGroups().all().get()) {
                if (!group.groupId().startsWith(stack.access().topicPrefix())) {
                    continue;
                }
                ConsumerGroupDescription described = admin.describeConsumerGroups(List.of(group.groupId()))
                        .all()
                        .get()
                        .get(group.groupId());
                System.out.println(described);
                Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(group.groupId())
                        .partitionsToOffsetAndMetadata()
                        .get();
                for (IsolationLevel level : IsolationLevel.values()) {
                    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
                    read.keySet().forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
                    admin.listOffsets(wanted, new ListOffsetsOptions(level))
                            .all()
                            .get()
                            .forEach((partition, end) -> System.out.printf(
                                    "%s: %s of %d (%s)%n", partition, read.get(partition), end.offset(), level));
                }
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static AuditResult audit(Stack stack) {
        try (SchemaRegistryClient registry =
                new SchemaRegistryClient(stack.access().registryUrl())) {
            return new LogAudit(stack.access(), new WireFormat(registry), AuditProgress.SILENT)
                    .verify(AuditSettings.STANDARD);
        }
    }

    private void judge(Stack stack, Load load) throws IOException {
        AuditResult audit = audit(stack);
        report.put(
                "records_verified",
                audit.records().values().stream().mapToLong(Long::longValue).sum());
        report.put("verify_millis", audit.took().toMillis());
        report.put("violations", audit.verdict().violationCount());
        List<Duration> noticed = audit.verdict().noticed();
        if (!noticed.isEmpty()) {
            report.put(
                    "lost_worker_noticed_millis_median",
                    noticed.get(noticed.size() / 2).toMillis());
            report.put(
                    "lost_worker_noticed_millis_max",
                    noticed.get(noticed.size() - 1).toMillis());
        }
        assertThat(audit.verdict().violations()).isEmpty();
        assertThat(audit.verdict().underWay()).isEmpty();
        ApiComparison comparison = new ApiComparison(stack.apis().get(0));
        WholeLog log = WholeLog.read(stack.access(), comparison::compare);
        report.put("replays_equal_to_the_api", comparison.compared);
        report.put("tasks_lost", log.count(RunEventType.TASK_LOST));
        report.put("tasks_released", log.count(RunEventType.TASK_RELEASED));
        report.put("attempts_retried", log.count(RunEventType.TASK_RETRIED));
        report.put("reports_rejected", log.count(RunEventType.REPORT_REJECTED));
        report.put("claims_rejected", log.rejectedClaims());
        assertThat(log.count(RunEventType.RUN_SUCCEEDED))
                .as("runs that succeeded")
                .isEqualTo(load.runs());
        for (int i = 1; i < ChaosPipelines.RELAY_LENGTH; i++) {
            assertThat(log.upstreams("relay_" + i))
                    .as("the runs that relay_%d was started by", i)
                    .hasSize(load.relays())
                    .doesNotHaveDuplicates();
        }
        report.put("relays", load.relays());
        Ledger ledger = Ledger.read(stack.ledger(), stack.access());
        report.put("effects", ledger.size());
        report.put("effects_repeated", ledger.judge(load.accepted(), log.executions()));
    }

    /** G10: what the log gives back is what the API says, of every run. */
    private static final class ApiComparison {
        private final RunDocument documents;
        private int compared;

        private ApiComparison(ApiClient api) {
            this.documents = new RunDocument(api, count -> {});
        }

        private void compare(RecordedRun run) {
            List<String> differences = ReplayAgreement.differences(
                    run.id().value(),
                    new Replay(run).at(Until.END).orElseThrow(),
                    documents.withTasksAndItems(run.id().value()));
            assertThat(differences).as("%s", run.id()).isEmpty();
            compared++;
        }
    }
}
