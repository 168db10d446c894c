package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private final Given given = Given.nothing()
            .input("threshold", ValueType.NUMBER)
            .input("count", ValueType.INTEGER)
            .input("name", ValueType.STRING)
            .input("flag", ValueType.BOOLEAN)
            .input("rows", ValueType.LIST)
            .input("options", ValueType.OBJECT)
            .input("free", ValueType.ANY)
            .task("train", Map.of("accuracy", ValueType.NUMBER))
            .task("fetch", Map.of())
            .task("skipped", Map.of())
            .inputs("{\"threshold\":1,\"count\":3,\"name\":\"iris\",\"flag\":true,\"rows\":[1,2.5,null,\"s\"],"
                    + "\"options\":{\"a\":null,\"b\":{\"c\":7}},\"free\":null}")
            .output("train", "{\"accuracy\":1}")
            .output("fetch", "{\"rows\":150,\"ratio\":2.0,\"nothing\":null}");

    @Test
    void comparesIntegersAndDecimals() throws EvaluationException {
        assertThat(given.holds("tasks.train.output.accuracy >= inputs.threshold"))
                .isTrue();
        assertThat(given.holds("inputs.count > 2.5 && inputs.threshold < 2")).isTrue();
        assertThat(given.holds("tasks.fetch.output.ratio == 2 && tasks.fetch.output.rows == 150.0"))
                .isTrue();
    }

    @Test
    void equatesIntegersAndDecimals() throws EvaluationException {
        assertThat(given.holds("inputs.threshold == 1 && inputs.count == 3.0 && inputs.count != 3.5"))
                .isTrue();
        assertThat(given.holds("inputs.threshold != 1")).isFalse();
    }

    @Test
    void calculatesWithIntegersAndDecimals() throws EvaluationException {
        assertThat(given.holds("inputs.count * 1.5 == 4.5 && 1.5 + inputs.count == 4.5"))
                .isTrue();
        assertThat(given.holds("inputs.count - 0.5 == 2.5 && 6.0 / inputs.count == 2"))
                .isTrue();
    }

    @Test
    void treatsADeclaredNumberAsADecimalEvenIfAnIntegerWasGiven() throws EvaluationException {
        assertThat(given.holds("inputs.threshold / 2 == 0.5 && tasks.train.output.accuracy / 4 == 0.25"))
                .isTrue();
        assertThat(given.holds("inputs.count / 2 == 1")).isTrue();
    }

    @Test
    void knowsNullWhereverItStands() throws EvaluationException {
        assertThat(given.holds("inputs.free == null && inputs.options.a == null && inputs.rows[2] == null"))
                .isTrue();
        assertThat(given.holds("tasks.fetch.output.nothing == null && has(tasks.fetch.output.nothing)"))
                .isTrue();
        assertThat(given.holds("inputs.rows.exists(row, row == null)")).isTrue();
    }

    @Test
    void hasMacrosAndTheFunctionsOfStringsMathListsAndSets() throws EvaluationException {
        assertThat(given.holds(
                        "inputs.name.startsWith('ir') && inputs.name.matches('^[a-z]+$') && size(inputs.name) == 4"))
                .isTrue();
        assertThat(given.holds("'a,b'.split(',').map(x, x.upperAscii()).join('') == 'AB'"))
                .isTrue();
        assertThat(given.holds("'a-b-c'.replace('-', '+', 1) == 'a+b-c' && 'abc'.replace('', '.') == '.a.b.c.'"))
                .isTrue();
        assertThat(given.holds("['', '', 'a'].join(',') == ',,a' && [].join(',') == '' && ['a'].join('-') == 'a'"))
                .isTrue();
        assertThat(given.holds("math.greatest(1, 2.5) == 2.5 && math.abs(-3) == 3"))
                .isTrue();
        assertThat(given.holds("[3, 1].sort() == [1, 3]")).isTrue();
        assertThat(given.holds("has(inputs.options.b) && !has(inputs.options.z)"))
                .isTrue();
        assertThat(given.holds("run.id == 'r1' && run.pipeline == 'fraud_score' && run.version == 7"))
                .isTrue();
    }

    @Test
    void canBeABooleanInputByItself() throws EvaluationException {
        assertThat(given.holds("inputs.flag")).isTrue();
        assertThat(given.condition("inputs.flag").orElseThrow().taskReferences())
                .isEmpty();
    }

    @Test
    void namesTheTasksItRefersTo() {
        Condition condition = given.condition("tasks.train.output.accuracy > 0.5 || has(tasks.fetch.output.rows)")
                .orElseThrow();
        assertThat(condition.taskReferences()).containsExactlyInAnyOrder("train", "fetch");
        assertThat(condition.source()).startsWith("tasks.train");
    }

    @Test
    void aMissingKeyIsAnErrorAndNeverFalse() {
        assertThatThrownBy(() -> given.holds("inputs.options.z == 1"))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(
                        "the expression `inputs.options.z == 1` at 1:15 could not be evaluated: there is no member `z`");
        assertThatThrownBy(() -> given.holds("tasks.fetch.output.rowz > 1"))
                .isInstanceOfSatisfying(
                        EvaluationException.class, e -> assertThat(e.place()).isEqualTo(new Place(1, 19)));
    }

    @Test
    void theMissingOutputOfATaskIsAnErrorThatNamesItsStatus() {
        String sentence = "the task skipped has no output, its status is skipped";
        assertThatThrownBy(() -> given.holds("tasks.skipped.output.x > 1")).hasMessageEndingWith(sentence);
        assertThatThrownBy(() -> given.holds("tasks.skipped.output.x")).hasMessageEndingWith(sentence);
        assertThatThrownBy(() -> given.holds("has(tasks.skipped.output.x)")).hasMessageEndingWith(sentence);
    }

    @Test
    void canAskWhetherATaskHasAnOutput() throws EvaluationException {
        assertThat(given.holds("has(tasks.skipped.output)")).isFalse();
        assertThat(given.holds("tasks.skipped.status == 'skipped'")).isTrue();
    }

    @Test
    void doesNotEvaluateWhatCannotMatter() throws EvaluationException {
        assertThat(given.holds("has(tasks.skipped.output) && tasks.skipped.output.x > 1"))
                .isFalse();
        assertThat(given.holds("inputs.flag || inputs.options.z == 1")).isTrue();
    }

    @Test
    void saysWhyItHasNoAnswer() {
        assertThatThrownBy(() -> given.holds("1 / 0 == 1")).hasMessageEndingWith("division by zero");
        assertThatThrownBy(() -> given.holds("inputs.rows[3] > 3"))
                .hasMessageEndingWith("`>` cannot be applied to the values it is given");
        assertThatThrownBy(() -> given.holds("inputs.free.x == 1"))
                .hasMessageEndingWith("the member `x` is asked of a value that is no object");
        assertThatThrownBy(() -> given.holds("inputs.rows[9] == 1")).hasMessageContaining("Index out of bounds: 9");
        assertThatThrownBy(() -> given.holds("9223372036854775807 + inputs.count > 0"))
                .hasMessageContaining("overflow");
        assertThatThrownBy(() -> given.holds("inputs.free"))
                .hasMessageEndingWith("a condition must be true or false, and this is null");
        assertThatThrownBy(() -> given.holds("'x'.matches('(')")).hasMessageContaining("missing closing )");
    }

    @Test
    void aCheckSeesTheOutputOfItsOwnTask() throws EvaluationException {
        given.task("me", Map.of("score", ValueType.NUMBER)).output("me", "{\"score\":1}");
        assertThat(given.check("output.score >= 0.0 && output.score / 2 == 0.5")
                        .orElseThrow()
                        .evaluate(given.scope))
                .isTrue();
        assertThat(given.check("output.scroe > 1")).isEmpty();
        assertThat(given.flaws.get(0).suggestion()).contains("score");
    }

    @Test
    void typesAreCheckedBeforeAnythingRuns() {
        assertThat(given.flaw("inputs.name > 3")).isEqualTo("`>` cannot be applied to string and integer");
        assertThat(given.flaw("inputs.rows + 1 == []")).isEqualTo("`+` cannot be applied to list and integer");
        assertThat(given.flaw("inputs.threshold in [1, 2]"))
                .isEqualTo("`in` cannot be applied to number and list of integer");
        assertThat(given.flaw("math.greatest(inputs.name, 1) == 1"))
                .isEqualTo("`math.greatest` cannot be applied to string and integer");
        assertThat(given.flaw("[inputs].exists(i, i.treshold > 1)")).isEqualTo("there is no member `treshold`");
        assertThat(given.flaw("google.protobuf.Int64Value{value: 3} == 3")).contains("no message types");
    }

    @Test
    void variablesOfMacrosHideNamesOfThePipeline() throws EvaluationException {
        assertThat(given.holds("[1, 2].exists(inputs, inputs == 2) && [[1]].all(tasks, tasks.size() == 1)"))
                .isTrue();
    }

    @Test
    void compilesOnceForManyThreads() throws Exception {
        Condition condition = given.condition("inputs.count + 1 == 4").orElseThrow();
        var answers = java.util.stream.IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return condition.evaluate(given.scope);
                    } catch (EvaluationException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
        assertThat(answers).hasSize(200).containsOnly(true);
    }
}
