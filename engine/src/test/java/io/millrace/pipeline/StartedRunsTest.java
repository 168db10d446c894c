package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartedRunsTest {
    private static final Pipeline ORDERS = parse("""
            id: load_orders
            inputs:
              day: string
              limit: {type: integer, default: 10}
              share: {type: number, required: false}
              regions: {type: list, default: []}
              options: {type: object, default: {}}
              anything: {type: any, required: false}
            tasks: [{id: a, shell: x}]
            """);

    @Test
    void acceptsWhatTheOtherPipelineDeclares() {
        assertThat(problems("""
                id: nightly
                inputs: {day: string, n: number, what: any}
                tasks:
                  - {id: a, run: load_orders, with: {day: "${{ inputs.day }}"}}
                  - {id: b, run: load_orders, with: {day: "of ${{ inputs.n }}", limit: "${{ inputs.n }}", share: 1, anything: null}}
                  - {id: c, run: load_orders, with: {day: "${{ inputs.what }}", regions: ["${{ inputs.day }}"], options: {a: "${{ inputs.n }}"}}}
                  - {id: d, needs: a, run: load_orders, with: {day: "${{ tasks.a.output.day }}", share: "${{ inputs.n / 2 }}"}}
                """)).isEmpty();
    }

    @Test
    void tellsUnknownMissingAndUnfitInputsAtTheirPlaces() {
        assertThat(problems("""
                id: nightly
                tasks:
                  - id: a
                    run: load_orders
                    with: {dya: "2026-11-22", limits: 3}
                  - {id: b, run: load_orders, with: {day: 20261122, limit: 1.5, regions: eu, options: null}}
                  - {id: c, run: load_orders}
                """))
                .containsExactly(
                        "n.yaml:4:10: the pipeline load_orders needs the input `day`; expected it in `with`: a string",
                        "n.yaml:5:12: the pipeline load_orders has no input `dya`; expected one of day, limit, share, regions, options, anything; did you mean \"day\"?",
                        "n.yaml:5:31: the pipeline load_orders has no input `limits`; expected one of day, limit, share, regions, options, anything; did you mean \"limit\"?",
                        "n.yaml:6:43: the input `day` of the pipeline load_orders is the integer 20261122; expected a string",
                        "n.yaml:6:60: the input `limit` of the pipeline load_orders is the number 1.5; expected an integer",
                        "n.yaml:6:74: the input `regions` of the pipeline load_orders is the string \"eu\"; expected a list",
                        "n.yaml:6:87: the input `options` of the pipeline load_orders is null; expected an object",
                        "n.yaml:7:18: the pipeline load_orders needs the input `day`; expected it in `with`: a string");
    }

    /** What an expression gives is known as far as the file declares it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${{ inputs.n }}               | day     | an integer",
                "${{ inputs.n > 3 }}           | day     | true or false",
                "${{ inputs.names }}           | day     | a list",
                "${{ tasks.first.output }}     | day     | an object",
                "${{ tasks.first.output.m }}   | day     | a file",
                "${{ inputs.s }}               | limit   | a string",
                "${{ inputs.s }}               | share   | a string",
                "of ${{ inputs.n }}            | share   | a string",
                "${{ inputs.names.size() }}    | regions | an integer",
                "${{ inputs.s + 'x' }}         | options | a string",
            })
    void anExpressionThatCannotFitIsFound(String expression, String input, String found) {
        String day = input.equals("day") ? "" : "day: x, ";
        assertThat(problems("""
                id: nightly
                inputs: {n: integer, s: string, names: list}
                tasks:
                  - {id: first, shell: x, outputs: {m: file}}
                  - {id: a, needs: first, run: load_orders, with: {%s%s: "%s"}}
                """.formatted(day, input, expression)))
                .singleElement()
                .asString()
                .contains("5:")
                .contains("the input `" + input + "` of the pipeline load_orders is " + found + "; expected ");
    }

    @Test
    void aPipelineThatDeclaresNothingIsGivenNothing() {
        Pipeline other = parse("id: other\ntasks: [{id: a, shell: x}]\n");
        String source = "id: p\ntasks:\n  - {id: a, run: other, with: {x: 1}}\n";

        assertThat(StartedRuns.problems("n.yaml", source, parse(source), id -> Optional.of(other)))
                .extracting(Problem::toString)
                .containsExactly(
                        "n.yaml:3:32: the pipeline other has no input `x`; expected none, for it declares none");
    }

    @Test
    void nothingIsSaidOfAPipelineThatIsNotKnown() {
        assertThat(problems("id: p\ntasks: [{id: a, run: unheard_of, with: {x: 1}}]\n"))
                .isEmpty();
    }

    @Test
    void aPipelineThatStartsItselfIsHeldAgainstItself() {
        assertThat(
                        problems(
                                "id: p\ninputs: {depth: integer}\ntasks: [{id: a, run: p, if: inputs.depth > 0, with: {deep: 1}}]\n"))
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("has no input `deep`"))
                .anySatisfy(problem -> assertThat(problem).contains("needs the input `depth`"));
        assertThat(StartedRuns.of(parse("id: p\ntasks: [{id: a, run: p}, {id: b, run: q}]\n")))
                .containsExactly(new PipelineId("q"));
    }

    @Test
    void aProblemOfAMergedKeyIsToldWhereItIsWritten() {
        assertThat(problems("""
                id: p
                tasks:
                  - &base {id: x, shell: x, with: {day: x, hour: 3}}
                  - {id: a, run: load_orders, with: {<<: {hour: 3}, day: x}}
                """))
                .singleElement()
                .asString()
                .startsWith("n.yaml:4:43: the pipeline load_orders has no input `hour`");
    }

    private static List<String> problems(String source) {
        return StartedRuns.problems(
                        "n.yaml",
                        source,
                        parse(source),
                        id -> id.equals(ORDERS.id()) ? Optional.of(ORDERS) : Optional.empty())
                .stream()
                .map(Problem::toString)
                .toList();
    }

    private static Pipeline parse(String source) {
        return PipelineParser.parse("p.yaml", source).orElseThrow();
    }
}
