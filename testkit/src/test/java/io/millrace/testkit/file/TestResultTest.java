package io.millrace.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tests in files say of runs. */
@Timeout(60)
class TestResultTest {
    private static final Told SCORE = Told.of("""
            id: fraud_score
            inputs:
              customer: {type: string, default: all}
              threshold: {type: number, default: 0.9}
            tasks:
              - {id: features, shell: x}
              - id: predict
                needs: features
                shell: x
                outputs: {score: number}
                retry: {max: 2, backoff: 5s, jitter: 0}
              - id: open_case
                needs: predict
                if: tasks.predict.output.score > inputs.threshold
                http: {post: "https://cases.internal/api"}
                retry: {max: 5, backoff: 1s, jitter: 0, if: "error.status in [429, 502, 503]"}
            outputs: {score: "${{ tasks.predict.output.score }}"}
            """);

    private static final Told PHOTOS = Told.of("""
            id: photos
            inputs: {photos: list}
            tasks:
              - id: resize
                for_each: inputs.photos
                shell: x
                outputs: {name: string, bytes: integer}
                retry: {max: 1, backoff: 1s}
              - {id: ask, needs: resize, approval: Publish them?, timeout: 2d}
              - {id: publish, needs: ask, run: publish_photos, with: {n: "${{ tasks.resize.output.succeeded }}"}}
              - {id: rest, needs: publish, wait: 10m}
            finally:
              - {id: tidy, shell: x}
            """);

    private static List<String> mismatches(TestResult result) {
        return result.mismatches().stream().map(Mismatch::toString).toList();
    }

    @Test
    void holdsTheExampleOfTheGuide() {
        TestResult result = SCORE.result("""
                inputs: {customer: ada, threshold: 0.5}
                tasks:
                  features: {output: {path: /tmp/f}, takes: 10s}
                  predict: [{fail: {exit_code: 1}}, {output: {score: 0.97}, takes: 40s}]
                  open_case: {fail: {status: 503}, times: 2}
                expect:
                  run: succeeded
                  within: 1m
                  tasks:
                    features: succeeded
                    predict: {status: succeeded, attempts: 2, output: {score: 0.97}, after: features, that: output.score > 0.9}
                    open_case: {status: succeeded, attempts: 3, after: [features, predict], failure: {kind: http, message: '503'}}
                  order: [features, predict, open_case]
                  executed: open_case
                  outputs: {score: 0.97}
                  that:
                    - tasks.predict.output.score > inputs.threshold && run.status == 'succeeded'
                    - inputs.customer == 'ada'
                """);

        assertThat(result.errors()).isEmpty();
        assertThat(mismatches(result)).isEmpty();
        assertThat(result.warnings()).isEmpty();
        assertThat(result.passed()).isTrue();
    }

    @Test
    void saysOfEverythingWhatWasExpectedAndWhatWas() {
        TestResult result = SCORE.result("""
                tasks: {predict: {output: {score: 0.5}, takes: 2m}}
                expect:
                  run: failed
                  reason: away
                  within: 1m
                  tasks:
                    predict: {attempts: 2, output: {score: 0.97}, failure: {kind: exit}, that: output.score > 0.9}
                    open_case: {status: succeeded, after: predict}
                  order: [predict, features]
                  executed: [open_case]
                  not_executed: predict
                  outputs: {score: 0.97, more: 1}
                  that: tasks.predict.output.score > inputs.threshold || run.status == 'failed'
                """);

        assertThat(result.passed()).isFalse();
        assertThat(mismatches(result))
                .containsExactly(
                        "run: expected failed, was succeeded",
                        "reason: expected something with \"away\", was none",
                        "within: expected at most 1m, was 2m",
                        "tasks.predict.attempts: expected 2, was 1",
                        "tasks.predict.output.score: expected 0.97, was 0.5",
                        "tasks.predict.failure.kind: expected exit, was no failure",
                        "tasks.predict.that: expected `output.score > 0.9`, was false: output.score is 0.5",
                        "tasks.open_case.status: expected succeeded, was skipped (its condition is false:"
                                + " tasks.predict.output.score > inputs.threshold)",
                        "tasks.open_case.after: expected open_case to begin after the end of predict, was open_case not"
                                + " executed",
                        "order: expected predict, features, was features, predict",
                        "executed: expected open_case to be executed, was not executed: its condition is false:"
                                + " tasks.predict.output.score > inputs.threshold",
                        "not_executed: expected predict not to be executed, was executed",
                        "outputs.more: expected 1, was not there",
                        "that: expected `tasks.predict.output.score > inputs.threshold || run.status == 'failed'`, was"
                                + " false: inputs.threshold is 0.9, run.status is \"succeeded\","
                                + " tasks.predict.output.score is 0.5");
        assertThat(result.mismatches().get(3).place().toString()).isEqualTo("9:29");
    }

    @Test
    void expectsARunToSucceedUnlessItSaysOtherwise() {
        assertThat(mismatches(SCORE.result("tasks: {predict: {fail: {exit_code: 1}}}")))
                .containsExactly("run: expected succeeded, was failed: 1 of 3 tasks failed: predict");
    }

    @Test
    void needsAMockWhereAnOutputIsAskedFor() {
        TestResult result = SCORE.result("expect: {run: failed, tasks: {predict: failed}}");

        assertThat(result.passed()).isFalse();
        assertThat(result.mismatches()).isEmpty();
        assertThat(result.errors())
                .containsExactly("the task predict declares outputs and has no mock; give it one such as"
                        + " `predict: {output: {\"score\":0.0}}`");
        assertThat(SCORE.result("unmocked: succeed\nexpect: {not_executed: open_case}")
                        .passed())
                .isTrue();
    }

    @Test
    void warnsOfMocksThatWereNotUsed() {
        TestResult result = SCORE.result("""
                tasks:
                  features: [{fail: away}, {fail: away}, {}]
                  open_case: {fail: {status: 503}}
                expect: {run: failed}
                """);

        assertThat(result.passed()).isTrue();
        assertThat(result.warnings())
                .containsExactly(
                        "of the 3 outcomes in the mock of features only 1 was used",
                        "the mock of open_case was never used");
    }

    @Test
    void sharesMocksAndInputsAndLetsATestSayOtherwise() {
        List<TestResult> results = SCORE.results("""
                defaults:
                  inputs: {customer: ada, threshold: 0.1}
                  tasks: {predict: {output: {score: 0.5}}, open_case: {fail: {status: 400}}}
                tests:
                  - name: as it is
                    expect: {run: failed, that: inputs.customer == 'ada'}
                  - name: otherwise
                    inputs: {threshold: 0.8}
                    tasks: {predict: {output: {score: 0.7}}}
                    expect: {not_executed: open_case, outputs: {score: 0.7}}
                """);

        assertThat(results)
                .allMatch(TestResult::passed)
                .allMatch(result -> result.warnings().isEmpty());
    }

    @Test
    void mocksItemsApprovalsRunsAndWaits() {
        TestResult result = PHOTOS.result("""
                inputs: {photos: [a, b, c]}
                tasks:
                  resize: {output: {name: "${{ item }}.jpg", bytes: "${{ index * 100 }}"}, takes: 1m}
                  resize[1]: [{fail: {signal: 9}}, {output: {name: b2, bytes: 7}}]
                  ask: {approve: {by: ada, after: 1h, comment: fine}}
                  publish: {output: {url: "https://h/${{ tasks.resize.output.succeeded }}"}, takes: 5m}
                expect:
                  within: 77m
                  tasks:
                    resize: {output: {items: [{name: a.jpg, bytes: 0}, {name: b2, bytes: 7}, {name: c.jpg, bytes: 200}],
                             succeeded: 3, failed: 0}}
                    resize[1]: {attempts: 2, that: "output.bytes == 7 && item == 'b' && index == 1"}
                    ask: {status: succeeded, that: "output.by == 'ada' && output.comment == 'fine'"}
                    publish: {after: ask, that: output.url == 'https://h/3'}
                    tidy: {after: rest}
                """);

        assertThat(mismatches(result)).isEmpty();
        assertThat(result.errors()).isEmpty();
        assertThat(result.passed()).isTrue();
    }

    @Test
    void rejectsCancelsAndLeavesUnanswered() {
        List<TestResult> results = PHOTOS.results("""
                defaults: {inputs: {photos: []}}
                tests:
                  - name: nobody answers
                    expect: {run: failed, tasks: {ask: {status: failed, failure: nobody answered within 48h}, tidy: succeeded}}
                  - name: somebody rejects
                    tasks: {ask: {reject: bob}}
                    expect: {run: failed, tasks: {ask: {failure: {kind: rejected, message: by bob}}, publish: upstream_failed}}
                  - name: the other run is cancelled
                    tasks: {ask: {approve: }, publish: {run: {status: cancelled, reason: too late}}}
                    expect: {run: failed, tasks: {publish: {failure: {kind: run, message: too late}}}}
                  - name: this run is cancelled
                    cancel: {after: 30m, reason: enough}
                    expect: {run: cancelled, reason: enough, within: 30m, tasks: {ask: cancelled, tidy: succeeded}}
                  - name: the other run never ends
                    trigger: record
                    begin: 2026-11-02T05:15:00Z
                    tasks: {ask: {approve: ada}, publish: {ends: never}}
                    expect: {run: waiting, reason: the end of the run that publish started}
                  - name: the inputs are wrong
                    inputs: {photos: 7}
                    expect: {run: refused, reason: the input photos must be a list, not_executed: resize}
                """);

        assertThat(results).allSatisfy(result -> {
            assertThat(mismatches(result)).isEmpty();
            assertThat(result.passed()).isTrue();
        });
    }

    @Test
    void losesWorkersAndKeepsCheckpoints() {
        TestResult result = Told.of("id: p\ntasks: [{id: a, shell: x}]").result("""
                        tasks:
                          a:
                            - {worker: lost, takes: 3m, progress: [{after: 1m, done: 0.5, checkpoint: {row: 7}}]}
                            - {worker: stopped, takes: 1m}
                            - {takes: 2m}
                        expect: {within: 6m, tasks: {a: {attempts: 1}}}
                        """);

        assertThat(result.passed()).isTrue();
        assertThat(result.run().orElseThrow().tale())
                .contains("+1m  a        says how far it is: 50 %, can go on from {\"row\":7}");
    }

    @Test
    void saysWhyAnExpressionHasNoAnswer() {
        TestResult failed = SCORE.result("""
                tasks: {features: {fail: away}}
                expect: {run: failed, that: tasks.predict.output.score > 0.5}
                """);
        assertThat(mismatches(failed)).hasSize(1);
        assertThat(mismatches(failed).get(0))
                .startsWith("that: expected `tasks.predict.output.score > 0.5`, was no answer: the expression")
                .endsWith("the task predict has no output, its status is upstream_failed");

        TestResult mock = SCORE.result("tasks: {features: {output: {a: '${{ tasks.open_case.output.b }}'}}}");
        assertThat(mock.errors()).hasSize(1);
        assertThat(mock.errors().get(0))
                .startsWith(
                        "the mock of features: the expression `tasks.open_case.output.b` at 3:41 could not be evaluated");
        assertThat(mock.run()).isEmpty();
    }
}
