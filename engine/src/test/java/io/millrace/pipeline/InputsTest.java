package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.expression.Document;
import org.junit.jupiter.api.Test;

class InputsTest {
    private final Pipeline pipeline = PipelineParser.parse("p.yaml", """
                    id: p
                    inputs:
                      customer: string
                      threshold: {type: number, default: 0.9}
                      options: {type: object, default: {b: [1], a: true}}
                      note: {type: any, required: false}
                    tasks: [{id: a, shell: x, outputs: {score: number, label: string}}]
                    """).orElseThrow();

    private Inputs.Resolved resolve(String given) {
        return Inputs.resolve(pipeline, Document.parse(given));
    }

    @Test
    void defaultsAreFilledIn() {
        assertThat(resolve("{\"customer\":\"acme\"}").problems()).isEmpty();
        assertThat(resolve("{\"customer\":\"acme\"}").document().json())
                .isEqualTo("{\"customer\":\"acme\",\"options\":{\"a\":true,\"b\":[1]},\"threshold\":0.9}");
    }

    @Test
    void whatIsGivenStaysAsItIs() {
        String given = "{\"customer\":\"acme\",\"note\":null,\"options\":{},\"threshold\":1}";
        assertThat(resolve(given).document().json()).isEqualTo(given);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertThat(resolve("{\"treshold\":1,\"options\":[],\"zzz\":0}").problems())
                .containsExactly(
                        "the pipeline p has no input \"treshold\"; did you mean \"threshold\"?",
                        "the pipeline p has no input \"zzz\"; it declares customer, threshold, options, note",
                        "the input customer is missing; it must be a string",
                        "the input options must be an object, and is a list");
    }

    @Test
    void nullIsNoString() {
        assertThat(resolve("{\"customer\":null}").problems())
                .containsExactly("the input customer must be a string, and is null");
    }

    @Test
    void aPipelineWithoutInputsTakesNone() {
        Pipeline none = PipelineParser.parse("p.yaml", "id: p\ntasks: [{id: a, shell: x}]")
                .orElseThrow();
        assertThat(Inputs.resolve(none, Document.EMPTY).problems()).isEmpty();
        assertThat(Inputs.resolve(none, Document.parse("{\"a\":1}")).problems())
                .containsExactly("the pipeline p has no input \"a\"; it declares none");
    }

    @Test
    void declaredOutputsMustBeThereAndOfTheirType() {
        Task task = pipeline.task(new TaskId("a"));
        assertThat(Outputs.problems(task, Document.parse("{\"score\":1,\"label\":\"x\",\"more\":null}")))
                .isEmpty();
        assertThat(Outputs.problems(task, Document.parse("{\"score\":\"high\"}")))
                .containsExactly(
                        "the output `score` must be a number, and is the string \"high\"",
                        "the output has no `label`; it must be a string");
    }
}
