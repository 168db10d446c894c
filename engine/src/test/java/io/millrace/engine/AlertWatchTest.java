package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the alert rules of a pipeline have to say of what happens to a run. */
class AlertWatchTest {
    private static RunStory story(String alerts) {
        return RunStory.ofFile("""
                id: story
                inputs: {most: {type: number, default: 0.95}}
                tasks:
                  - {id: features, shell: "true"}
                  - {id: predict, shell: "true", needs: [features], outputs: {score: number}, retry: {max: 1}}
                alerts:
                """ + alerts.indent(2));
    }

    private static List<String> signals(RunStory story) {
        return story.effects().stream()
                .filter(Effect.TellAlerts.class::isInstance)
                .map(effect -> ((Effect.TellAlerts) effect).signal())
                .map(signal ->
                        signal.kind() + " " + signal.rule() + (signal.group().isEmpty() ? "" : "/" + signal.group())
                                + (signal.message() == null ? "" : ": " + signal.message()))
                .toList();
    }

    private static AlertSignal last(RunStory story) {
        return story.effects().stream()
                .filter(Effect.TellAlerts.class::isInstance)
                .map(effect -> ((Effect.TellAlerts) effect).signal())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static RunStory scored(String alerts, double score) {
        return story(alerts)
                .starts()
                .claimed("features")
                .succeeds("features")
                .claimed("predict")
                .succeeds("predict", "{\"score\":" + score + "}");
    }

    @Test
    void aRunThatFailsIsSaidOnceAfterTheLastRetry() {
        RunStory story = story("- {id: failed, on: run.failed, to: [pager]}")
                .starts()
                .claimed("features")
                .succeeds("features")
                .claimed("predict")
                .fails("predict")
                .after(Duration.ofMinutes(1))
                .claimed("predict");
        assertThat(signals(story)).isEmpty();

        story.fails("predict");
        assertThat(signals(story)).containsExactly("HAPPENED failed");
        assertThat(last(story).facts().asMap())
                .containsEntry("event", "run.failed")
                .containsEntry("task", "predict")
                .containsEntry("attempt", 2L)
                .containsEntry("before", List.of("features succeeded"))
                .containsKey("error");
    }

    @Test
    void theOppositeIsSaidAsWell() {
        RunStory story = story("- {id: failed, on: run.failed, to: [pager]}")
                .starts()
                .claimed("features")
                .succeeds("features")
                .claimed("predict")
                .succeeds("predict", "{\"score\": 1}");

        assertThat(signals(story)).containsExactly("CALM failed");
    }

    @Test
    void aValueIsHeldAgainstTheRuleAndOneThatIsGoodIsTheOpposite() {
        String rule = "- {id: high, on: task.succeeded, task: predict, if: output.score > inputs.most, to: [hook],"
                + " message: 'score ${{ output.score }} of ${{ tasks.features.status }} features'}";

        assertThat(signals(scored(rule, 0.99))).containsExactly("HAPPENED high: score 0.99 of succeeded features");
        assertThat(signals(scored(rule, 0.5))).containsExactly("CALM high");
    }

    @Test
    void anExpressionWithoutAnAnswerIsNews() {
        RunStory story = scored("- {id: odd, on: run.succeeded, if: output.nothing > 1, to: [hook]}", 0.5);

        assertThat(signals(story)).singleElement().asString().startsWith("FAULT odd: the rule has no answer: ");
    }

    @Test
    void eachTaskHasAlertsOfItsOwnWhereTheRuleIsAboutAny() {
        RunStory story = story("- {id: again, on: task.retried, if: error.attempt == 1, to: [hook]}")
                .starts()
                .claimed("features")
                .succeeds("features")
                .claimed("predict")
                .fails("predict");

        assertThat(signals(story)).containsExactly("CALM again/features", "HAPPENED again/predict");
    }

    @Test
    void runsAreToldApartByTheKeyOfTheRule() {
        RunStory story = scored("- {id: done, on: run.succeeded, group: string(inputs.most), to: [hook]}", 0.5);

        assertThat(signals(story)).containsExactly("HAPPENED done/0.95");
    }

    @Test
    void whatIsHeldAgainstThoseBeforeHasANumber() {
        String drift =
                "- {id: drift, on: task.succeeded, task: predict, drift: 3, value: output.score * 2.0, to: [hook]}";
        assertThat(last(scored(drift, 0.5)).value()).isEqualTo(1.0);
        assertThat(last(scored("- {id: slow, on: run.succeeded, slower: p95, to: [hook]}", 0.5))
                        .value())
                .isNotNull()
                .isNotNegative();
        assertThat(signals(scored("- {id: rate, on: run.failed, rate: 0.1, to: [hook]}", 0.5)))
                .containsExactly("CALM rate");
        assertThat(signals(
                        scored("- {id: never, on: run.succeeded, if: run.version > 1, slower: p95, to: [hook]}", 0.5)))
                .as("what does not count is no opposite")
                .isEmpty();
    }

    @Test
    void whatHasNoKeyIsTheOppositeOfNothing() {
        String rule = "- {id: broke, on: task.failed, task: predict, group: error.kind, to: [hook]}";
        RunStory story = story(rule)
                .starts()
                .claimed("features")
                .succeeds("features")
                .claimed("predict")
                .fails("predict")
                .after(Duration.ofMinutes(1))
                .claimed("predict")
                .fails("predict");

        assertThat(signals(story)).containsExactly("HAPPENED broke/exit");
        assertThat(signals(scored(rule, 0.5))).isEmpty();
    }

    @Test
    void anAttemptThatTakesTooLongIsTimedOut() {
        RunStory story = RunStory.ofFile("""
                        id: story
                        tasks: [{id: a, shell: x, timeout: 1m, retry: {max: 1}}]
                        alerts: [{id: slow, on: task.timed_out, to: [hook]}]
                        """).starts().claimed("a").after(Duration.ofMinutes(2));

        assertThat(signals(story)).containsExactly("HAPPENED slow/a");
    }

    @Test
    void aRunThatHasToEndInTimeSaysWhenItBeginsAndEnds() {
        RunStory story = story("- {id: late, deadline: 15m, to: [hook]}").starts();
        Instant begun = story.now();
        assertThat(last(story).dueAt()).isEqualTo(begun.plus(Duration.ofMinutes(15)));

        story.cancelled("enough");
        assertThat(signals(story)).containsExactly("RUN_BEGAN late", "RUN_ENDED late");
    }

    @Test
    void aTimeOfDayIsTheFirstAfterTheTrigger() {
        RunStory story = story("- {id: late, deadline: {by: '07:30', timezone: Europe/Berlin}, to: [hook]}")
                .starts();

        assertThat(last(story).dueAt()).isEqualTo(Instant.parse("2026-03-01T06:30:00Z"));
    }

    @Test
    void noSingleItemIsSaid() {
        RunStory story = RunStory.ofFile("""
                        id: story
                        tasks: [{id: each, for_each: "[1, 2]", shell: x, outputs: {n: integer}}]
                        alerts: [{id: done, on: task.succeeded, task: each, if: output.succeeded == 2, to: [hook]}]
                        """).starts();
        for (String item : List.of("each[0]", "each[1]")) {
            story.claimed(item).succeeds(item, "{\"n\": 1}");
        }

        assertThat(signals(story)).containsExactly("HAPPENED done");
        assertThat(last(story).task()).isEqualTo(new TaskId("each"));
        assertThat(last(story).facts().asMap()).isInstanceOf(Map.class);
    }
}
