package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunEventType;
import io.millrace.engine.RunStatus;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineParser;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the virtual clock and the mocks make of a run. */
@Timeout(60)
class RehearsalTest {
    private static Pipeline pipeline(String rest) {
        return PipelineParser.parse("p.yaml", "id: p\n" + rest).orElseThrow();
    }

    private static PipelineRehearsal of(String rest) {
        return PipelineRehearsal.of(pipeline(rest));
    }

    private static List<String> values(List<TaskId> ids) {
        return ids.stream().map(TaskId::value).toList();
    }

    @Test
    void succeedsWithoutAWordWhereNothingIsAsked() {
        RehearsalResult run = of("tasks: [{id: a, shell: x}, {id: b, needs: a, http: {get: 'http://h/'}}]")
                .run();

        assertThat(run.verdict()).isEqualTo("succeeded");
        assertThat(run.reason()).isEmpty();
        assertThat(run.took()).isEqualTo(Duration.ZERO);
        assertThat(values(run.begunInOrder())).containsExactly("a", "b");
        assertThat(run.task("b").beganAfter(run.task("a"))).isTrue();
        assertThat(run.task("a").beganAfter(run.task("b"))).isFalse();
        assertThat(run.assumed()).extracting(TaskId::value).containsExactly("a", "b");
    }

    @Test
    void raisesWhatTheRunIsToldOf() {
        String alerts = """
                tasks: [{id: a, shell: x, outputs: {score: number}, retry: {max: 2, backoff: 10m, jitter: 0}}, {id: w, needs: a, approval: "ok?"}]
                alerts:
                  - {id: failed, on: run.failed, to: [x]}
                  - {id: late, deadline: 15m, to: [x]}
                  - {id: later, deadline: 30d, to: [x]}
                  - {id: high, on: task.succeeded, task: a, if: output.score > 0.9, to: [x]}
                  - {id: twice, on: task.retried, count: 2, within: 1h, to: [x]}
                  - {id: often, on: task.retried, count: 3, within: 1h, to: [x]}
                  - {id: silent, expect: run.succeeded, within: 1h, to: [x]}
                """;

        assertThat(of(alerts)
                        .given("a")
                        .gives(Map.of("score", 0.95))
                        .given("w")
                        .isApprovedBy("ann")
                        .run()
                        .alerts())
                .containsExactly("high");
        assertThat(of(alerts).given("a").fails(Failures.exit(1)).run().alerts())
                .containsExactlyInAnyOrder("twice", "late", "failed");
        assertThat(of(alerts)
                        .given("a")
                        .gives(Map.of("score", 0.1))
                        .given("w")
                        .neverEnds()
                        .run()
                        .alerts())
                .as("of a run that never ends every deadline passes")
                .containsExactlyInAnyOrder("late", "later");
    }

    @Test
    void movesTheClockOverRetriesAndWaits() {
        RehearsalResult run = of("""
                        tasks:
                          - {id: a, shell: x, retry: {max: 3, backoff: 1h, factor: 2, cap: 1d, jitter: 0}}
                          - {id: w, needs: a, wait: 10d}
                        """)
                .given("a")
                .fails(Failures.exit(3))
                .taking(Duration.ofMinutes(5))
                .times(2)
                .run();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.task("a").attempts()).isEqualTo(3);
        assertThat(run.task("a").failure().orElseThrow().exitCode()).isEqualTo(3);
        assertThat(run.took()).isEqualTo(Duration.ofDays(10).plusHours(3).plusMinutes(10));
        assertThat(run.task("w").begun().orElseThrow().at())
                .isEqualTo(RunPlan.BEGIN.plus(Duration.ofHours(3)).plusSeconds(600));
    }

    @Test
    void isTheSameEveryTime() {
        PipelineRehearsal rehearsal =
                of("""
                        tasks:
                          - {id: a, shell: x, for_each: '[1, 2, 3]', retry: {max: 5, backoff: 1s, jitter: 0.5}}
                        """).given("a").fails(Failures.error("away")).times(3).and();

        RehearsalResult first = rehearsal.run();
        assertThat(rehearsal.run().events()).isEqualTo(first.events());
        assertThat(first.task("a[2]").attempts()).isEqualTo(4);
    }

    @Test
    void endsAnAttemptWhoseTimeIsUpAsAWorkerDoes() {
        RehearsalResult run = of("tasks: [{id: a, shell: x, timeout: 10m, retry: {max: 1, backoff: 1s, jitter: 0}}]")
                .given("a")
                .neverEnds()
                .thenGives(Map.of())
                .taking(Duration.ofMinutes(10))
                .run();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.task("a").attempts()).isEqualTo(2);
        assertThat(run.task("a").failure().orElseThrow().message())
                .isEqualTo("the attempt took longer than its timeout of 10m");
        assertThat(run.took()).isEqualTo(Duration.ofMinutes(20).plusSeconds(1));
    }

    @Test
    void saysWhatARunWaitsForThatNeverEnds() {
        RehearsalResult run =
                of("""
                        tasks:
                          - {id: a, shell: x}
                          - {id: ok, approval: Is it good?}
                          - {id: other, run: report}
                          - {id: last, needs: [a, ok, other], shell: x}
                        """).given("a").neverEnds().given("other").neverEnds().run();

        assertThat(run.status()).isEmpty();
        assertThat(run.verdict()).isEqualTo("waiting");
        assertThat(run.reason())
                .hasValue(
                        "waits for a, which never ends, and for an answer to ok, and for the end of the run that other"
                                + " started");
        assertThat(run.task("last").executed()).isFalse();
        assertThat(run.outputs()).isEmpty();
    }

    @Test
    void handsATaskOnWhenItsWorkerIsLostAndKeepsTheCheckpoint() {
        Outcomes outcomes = attempt -> Optional.of(
                attempt.ordinal() == 1
                        ? Outcome.losesWorker()
                                .taking(Duration.ofMinutes(3))
                                .saying(new Progress(Duration.ofMinutes(1), OptionalDouble.of(0.5), Optional.of("7")))
                        : Outcome.gives(Map.of()));
        Pipeline pipeline = pipeline("tasks: [{id: a, shell: x}]");

        RehearsalResult run = Rehearsal.run(pipeline, RunPlan.of(pipeline), outcomes, Outcomes.NONE);

        assertThat(run.succeeded()).isTrue();
        assertThat(run.task("a").attempts()).isEqualTo(1);
        assertThat(run.asked(new TaskId("a"))).isEqualTo(2);
        assertThat(run.tale())
                .contains(
                        "+1m  a        says how far it is: 50 %, can go on from 7",
                        "+3m  a        attempt 1 (delivery 2) started");
    }

    @Test
    void tellsApartWhatWasKnownAssumedAndUnknown() {
        Pipeline pipeline = pipeline("""
                tasks:
                  - {id: known, shell: x}
                  - {id: assumed, shell: x}
                  - {id: unknown, shell: x, timeout: 1m, outputs: {n: integer}}
                  - {id: after, needs: unknown, shell: x}
                timeout: 1h
                """);
        Outcomes recorded = attempt -> Optional.of(Outcome.gives(Map.of("n", 1)))
                .filter(any -> attempt.task().value().equals("known"));

        RehearsalResult run = Rehearsal.run(pipeline, RunPlan.of(pipeline), recorded, Unmocked.REFUSE);

        assertThat(run.assumed()).extracting(TaskId::value).containsExactly("assumed");
        assertThat(run.unknown()).extracting(TaskId::value).containsExactly("unknown");
        assertThat(run.task("known").status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(run.task("unknown").status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(run.reason()).hasValue("waits for unknown, of whose outcome nothing is known");
        assertThat(run.events()).extracting(event -> event.type()).doesNotContain(RunEventType.TASK_RETRIED);
    }

    @Test
    void takesARecordedOutcomeOfAnotherKindOfTaskForNone() {
        Pipeline pipeline = pipeline("tasks: [{id: a, approval: Really?}]");

        RehearsalResult run = Rehearsal.run(
                pipeline, RunPlan.of(pipeline), attempt -> Optional.of(Outcome.gives(Map.of())), Outcomes.NONE);

        assertThat(run.unknown()).extracting(TaskId::value).containsExactly("a");
    }

    @Test
    void cancelsAtATimeAndHearsNoMoreOfWhatWasToldToStop() {
        RehearsalResult run = of("""
                        tasks: [{id: a, shell: x}, {id: child, run: report}]
                        finally: [{id: tidy, wait: 2h}]
                        """)
                .given("a")
                .gives(Map.of())
                .taking(Duration.ofHours(1))
                .given("child")
                .gives(Map.of())
                .taking(Duration.ofHours(1))
                .and()
                .cancelledAfter(Duration.ofMinutes(30), "enough")
                .run();

        assertThat(run.status()).hasValue(RunStatus.CANCELLED);
        assertThat(run.reason()).hasValue("enough");
        assertThat(run.task("a").status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(run.task("tidy").status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(run.took()).isEqualTo(Duration.ofMinutes(150));
        assertThat(run.events()).extracting(event -> event.type()).doesNotContain(RunEventType.REPORT_REJECTED);
    }

    @Test
    void answersApprovalsAndEndsRunsThatTasksStarted() {
        RehearsalResult run = of("""
                        tasks:
                          - {id: ask, approval: Is it good?, timeout: 2d}
                          - {id: report, needs: ask, run: report}
                          - {id: late, run: report, retry: {max: 1}}
                        outputs: {by: "${{ tasks.ask.output.by }}", rows: "${{ tasks.report.output.rows }}"}
                        """)
                .given("ask")
                .isApprovedBy("ada")
                .taking(Duration.ofHours(5))
                .given("report")
                .gives(Map.of("rows", 7))
                .taking(Duration.ofMinutes(2))
                .given("late")
                .fails(Failures.error("no data"))
                .thenGives(Map.of())
                .run();

        assertThat(run.outputs()).hasValue(Document.parse("{\"by\":\"ada\",\"rows\":7}"));
        assertThat(run.task("late").attempts()).isEqualTo(2);
        assertThat(run.took()).isEqualTo(Duration.ofMinutes(302));
    }

    @Test
    void letsTheEngineRejectWhatNobodyApproved() {
        String ask = "tasks: [{id: ask, approval: Is it good?, timeout: 2d}]";

        assertThat(of(ask).run().reason()).hasValue("1 of 1 tasks failed: ask");
        assertThat(of(ask).given("ask")
                        .isRejectedBy("bob")
                        .run()
                        .task("ask")
                        .failure()
                        .orElseThrow()
                        .message())
                .isEqualTo("rejected by bob");
        RehearsalResult cancelled = of("tasks: [{id: c, run: report}]")
                .given("c")
                .endsItsRun(RunStatus.CANCELLED, "stopped")
                .run();
        assertThat(cancelled.task("c").failure().orElseThrow().message()).endsWith("cancelled: stopped");
    }

    @Test
    void refusesInputsThatThePipelineRefuses() {
        RehearsalResult run = of("inputs: {n: integer}\ntasks: [{id: a, shell: x}]")
                .input("m", 1)
                .run();

        assertThat(run.verdict()).isEqualTo("refused");
        assertThat(run.reason().orElseThrow()).contains("has no input \"m\"").contains("the input n is missing");
        assertThat(run.task("a").executed()).isFalse();
        assertThat(run.events()).isEmpty();
        assertThat(run.tale()).isEmpty();
    }

    @Test
    void namesTheTaskThatNeedsAMockAndShowsOne() {
        PipelineRehearsal rehearsal = of("tasks: [{id: predict, shell: x, outputs: {score: number, file: file}}]");

        assertThatThrownBy(rehearsal::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the task predict declares outputs and has no mock; give it one such as"
                        + " `predict: {output: {\"file\":{\"artifact\":\"sha256:000");
        assertThat(rehearsal.unmocked(Unmocked.SUCCEED).run().succeeded()).isTrue();
        assertThatThrownBy(() -> of("tasks: [{id: a, shell: x, outputs: {n: integer}, retry: {max: 3}}]")
                        .given("a")
                        .fails(Failures.exit(1))
                        .times(2)
                        .run())
                .hasMessage("the mock of a does not say what its outcome number 3 is");
        assertThatThrownBy(() -> rehearsal.given("predikt")).hasMessage("the pipeline p has no task predikt");
        assertThatThrownBy(() -> rehearsal.given("predict").isApprovedBy("ada"))
                .hasMessageContaining("which cannot end like this");
    }

    @Test
    void anItemsMockGoesBeforeThatOfItsTask() {
        RehearsalResult run = of("""
                        tasks:
                          - {id: m, shell: x, for_each: '["a", "b", "c"]', outputs: {n: integer}}
                          - {id: sum, needs: m, shell: x}
                        """)
                .given("m")
                .gives(Map.of("n", 1))
                .given("m[1]")
                .fails(Failures.permanent("broken"))
                .run();

        assertThat(run.verdict()).isEqualTo("failed");
        assertThat(run.task("m").failure().orElseThrow().message()).isEqualTo("1 of 3 items failed: m[1]");
        assertThat(run.task("m[2]").output()).hasValue(Document.parse("{\"n\":1}"));
        assertThat(run.task("sum").status()).isEqualTo(TaskStatus.UPSTREAM_FAILED);
        assertThat(run.task("sum").reason()).isPresent();
    }

    @Test
    void waitsForATimeOfDayFromTheMomentAtWhichItBegins() {
        RehearsalResult run = of("tasks: [{id: w, wait: {until: '06:00'}}]")
                .beginning(Instant.parse("2026-11-02T05:15:00Z"))
                .run();

        assertThat(run.took()).isEqualTo(Duration.ofMinutes(45));
    }

    @Test
    void rehearsesTensOfThousandsOfItemsInSeconds() {
        RehearsalResult run = of("inputs: {all: list}\ntasks: [{id: m, shell: x, for_each: inputs.all}]")
                .input(
                        "all",
                        java.util.stream.IntStream.range(0, 20_000).boxed().toList())
                .run();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.begunInOrder()).hasSize(20_001);
        assertThat(run.unknown()).isEqualTo(Set.of());
    }
}
