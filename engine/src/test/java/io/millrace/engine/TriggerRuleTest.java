package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a task, by its trigger rule and by what it needs. */
class TriggerRuleTest {
    /** The needs end in this order: s succeeds, f fails, k is skipped, u is not executed after a failure upstream. */
    @ParameterizedTest(name = "{0} after {1}: {2}")
    @CsvSource({
        "all_succeeded, ss, QUEUED",
        "all_succeeded, sf, UPSTREAM_FAILED",
        "all_succeeded, sk, SKIPPED",
        "all_succeeded, kf, UPSTREAM_FAILED",
        "all_succeeded, su, UPSTREAM_FAILED",
        "all_done,      ss, QUEUED",
        "all_done,      fk, QUEUED",
        "all_done,      uf, QUEUED",
        "any_failed,    ss, SKIPPED",
        "any_failed,    sf, QUEUED",
        "any_failed,    sk, SKIPPED",
        "any_failed,    su, QUEUED",
        "any_succeeded, ff, UPSTREAM_FAILED",
        "any_succeeded, sf, QUEUED",
        "any_succeeded, kk, SKIPPED",
        "any_succeeded, kf, UPSTREAM_FAILED",
        "none_failed,   ss, QUEUED",
        "none_failed,   sk, QUEUED",
        "none_failed,   kk, QUEUED",
        "none_failed,   sf, UPSTREAM_FAILED",
        "none_failed,   ku, UPSTREAM_FAILED",
    })
    void decidesByWhatBecameOfTheNeeds(String rule, String needs, TaskStatus expected) {
        StringBuilder file = new StringBuilder("""
                tasks:
                  - {id: keeps_open, shell: "true"}
                  - {id: bad, shell: "true"}
                """);
        for (int i = 0; i < needs.length(); i++) {
            file.append("  - {id: n").append(i).append(", shell: \"true\"");
            file.append(
                    switch (needs.charAt(i)) {
                        case 'k' -> ", if: 1 > 2}\n";
                        case 'u' -> ", needs: bad}\n";
                        default -> "}\n";
                    });
        }
        file.append("  - {id: last, shell: \"true\", needs: [n0, n1], trigger_rule: ")
                .append(rule)
                .append("}\n");
        RunStory story = RunStory.of(file.toString()).starts().fails("bad");
        for (int i = 0; i < needs.length(); i++) {
            if (needs.charAt(i) == 's') {
                story.succeeds("n" + i);
            } else if (needs.charAt(i) == 'f') {
                story.fails("n" + i);
            }
        }

        assertThat(story.task("last").status()).isEqualTo(expected);
    }

    @Test
    void anyFailedDoesNotWaitForTheOthersAndFiresOnce() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true"}
                  - {id: alarm, shell: "true", needs: [a, b], trigger_rule: any_failed}
                """).starts().fails("a");

        assertThat(story.lastEvent().dispatched()).extracting("value").containsExactly("alarm");
        story.succeeds("alarm").fails("b");
        assertThat(story.tale()).filteredOn(line -> line.contains("→ alarm")).hasSize(1);
        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void aFailureIsToldFromASkipAllTheWayDown() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true", needs: a}
                  - {id: c, shell: "true", needs: b}
                  - {id: d, shell: "true", needs: c, trigger_rule: none_failed}
                """).starts().fails("a");

        assertThat(story.tale())
                .containsSubsequence(
                        "TASK_FAILED a 1.1",
                        "TASK_UPSTREAM_FAILED b",
                        "TASK_UPSTREAM_FAILED c",
                        "TASK_UPSTREAM_FAILED d");
        assertThat(story.events().get(story.events().size() - 2).reason())
                .isEqualTo("it needs c, which was not executed after a failure");
    }

    @Test
    void aTaskThatStartedEarlySeesThatTheOtherHasNoOutput() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, shell: "true"}
                  - id: first
                    shell: "true"
                    needs: [a, b]
                    trigger_rule: any_succeeded
                    env: {STATUS: "${{ tasks.b.status }}"}
                """).starts().succeeds("a");

        assertThat(story.lastDispatchOf("first").environment()).containsEntry("STATUS", "queued");
    }

    @Test
    void retryIfDecidesByTheFailure() {
        String file = """
                tasks:
                  - {id: a, shell: "true", retry: {max: 3, backoff: 1s, jitter: 0, if: "error.status in [429, 503]"}}
                """;
        Failure busy = new Failure(Failure.Kind.HTTP, "busy", null, null, List.of(), 503, null, true);
        Failure gone = new Failure(Failure.Kind.HTTP, "gone", null, null, List.of(), 410, null, true);

        RunStory story = RunStory.of(file).starts().fails("a", busy);
        assertThat(story.task("a").status()).isEqualTo(TaskStatus.RETRYING);
        story.after(Duration.ofSeconds(2)).fails("a", gone);

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.events().get(story.events().size() - 2).failure().message())
                .isEqualTo("gone; not tried again: error.status in [429, 503] is false");
    }

    @Test
    void retryIfThatCannotBeEvaluatedSaysSoAndKeepsTheFailure() {
        RunStory story = RunStory.of("""
                tasks:
                  - {id: a, shell: "true", retry: {max: 3, if: "error.message.substring(99) == 'x'"}}
                """).starts().fails("a");

        assertThat(story.outcome()).isEqualTo(RunStatus.FAILED);
        assertThat(story.events().get(story.events().size() - 2).failure().message())
                .startsWith("exit code 1; not tried again: the expression");
    }

    @Test
    void checkpointReachesTheNextDeliveryAndTheNextAttempt() {
        RunStory story = RunStory.of("tasks:\n  - {id: a, shell: \"true\", retry: {max: 1, backoff: 1s, jitter: 0}}\n")
                .starts()
                .claimed("a");
        story.happens(
                new Input.TaskProgressed(new TaskId("a"), new Delivery(1, 1), RunStory.WORKER, 0.4, "{\"row\":4}"));
        assertThat(story.lastEvent().type()).isEqualTo(RunEventType.TASK_PROGRESSED);

        assertThat(story.loses("a").lastDispatchOf("a").checkpoint()).isEqualTo("{\"row\":4}");
        assertThat(story.fails("a")
                        .after(Duration.ofSeconds(2))
                        .lastDispatchOf("a")
                        .checkpoint())
                .isEqualTo("{\"row\":4}");
    }
}
