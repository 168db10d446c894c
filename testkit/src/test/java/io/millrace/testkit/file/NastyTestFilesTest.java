package io.millrace.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a careless or hostile hand could write into a file of tests: each is answered soon, with a place. */
@Timeout(60)
class NastyTestFilesTest {
    private static final Told P = Told.of("""
            id: p
            inputs: {n: {type: integer, default: 1}}
            tasks:
              - {id: first, shell: x, outputs: {rows: integer}}
              - {id: many, needs: first, for_each: '[1, 2]', shell: x}
              - {id: pause, needs: many, wait: 1h}
              - {id: ask, needs: pause, approval: Really?}
            """);

    private static List<String> of(String test) {
        return P.problems("tests:\n  - name: t\n    " + test + "\n");
    }

    @Test
    void nothingAndWhatIsNoYaml() {
        assertThat(P.problems(""))
                .containsExactly("p.test.yaml:1:1: the file is empty; expected `tests`, a list of them");
        assertThat(P.problems("# nothing\n")).hasSize(1);
        assertThat(P.problems("tests: [\n")).hasSize(1).first().asString().startsWith("p.test.yaml:2:1: not YAML:");
        assertThat(P.problems("a: b: c")).hasSize(1).first().asString().startsWith("p.test.yaml:1:5: not YAML:");
        assertThat(P.problems("tests: []"))
                .containsExactly(
                        "p.test.yaml:1:1: there are no tests; expected at least one, beginning with `- name:`");
        assertThat(P.problems("tests: {a: b}"))
                .containsExactly("p.test.yaml:1:8: `tests` is an object; expected a list");
        assertThat(P.problems("[]")).hasSize(1);
        assertThat(P.problems("---\ntests: []\n---\ntests: []\n"))
                .containsExactly("p.test.yaml:3:1: a second YAML document begins here; a file holds one list of tests");
        assertThat(P.parsed(new byte[] {(byte) 0xff, (byte) 0xfe}).problems()).hasSize(1);
        assertThat(P.parsed(new byte[300_000]).problems()).hasSize(1);
    }

    @Test
    void anAliasBombIsDefused() {
        StringBuilder bomb = new StringBuilder("l0: &l0 [x]\n");
        for (int i = 1; i <= 30; i++) {
            bomb.append("l").append(i).append(": &l").append(i).append(" [");
            bomb.append(("*l" + (i - 1) + ",").repeat(9)).append("x]\n");
        }
        assertThat(P.problems(bomb.toString())).hasSize(1).first().asString().contains("more than 200000 values");
        assertThat(P.problems("tests: &t [*t]"))
                .hasSize(1)
                .first()
                .asString()
                .contains("stands within what it stands for");
        assertThat(P.problems("tests: " + "[".repeat(100_000)))
                .hasSize(1)
                .first()
                .asString()
                .contains("nest deeper than 50");
    }

    @Test
    void misspeltKeysAreSuggested() {
        assertThat(P.problems("test:\n  - name: t\n"))
                .contains(
                        "p.test.yaml:1:1: unknown key `test` in the file; expected one of pipeline, defaults, tests; did"
                                + " you mean \"tests\"?");
        assertThat(of("expct: {}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("unknown key `expct` in a test")
                .endsWith("did you mean \"expect\"?");
        assertThat(of("expect: {run: suceeded}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("p.test.yaml:3:19: `run` is \"suceeded\"")
                .endsWith("did you mean \"succeeded\"?");
        assertThat(of("tasks: {first: {outptu: {rows: 1}}}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("p.test.yaml:3:21: unknown key `outptu` in the mock of first")
                .endsWith("did you mean \"output\"?");
        assertThat(of("tasks: {first: {fail: {exitcode: 1}}}"))
                .hasSize(1)
                .first()
                .asString()
                .endsWith("did you mean \"exit_code\"?");
    }

    @Test
    void tasksThatAreNotThereAreSuggested() {
        assertThat(of("tasks: {frist: {}}"))
                .containsExactly(
                        "p.test.yaml:3:13: the pipeline p has no task `frist`; expected one of first, many, pause,"
                                + " ask; did you mean \"first\"?");
        assertThat(of("expect: {order: [first, manny], not_executed: nobody, tasks: {askk: failed}}"))
                .hasSize(3);
        assertThat(of("tasks: {'first[0]': {}}"))
                .containsExactly("p.test.yaml:3:13: the task first has no items; expected first");
        assertThat(of("tasks: {'many[x]': {}}"))
                .containsExactly("p.test.yaml:3:13: `many[x]` is no item of many; expected one such as many[0]");
        assertThat(of("expect: {that: tasks.frist.output.rows > 1}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("p.test.yaml:3:26: there is no task `frist`");
    }

    @Test
    void valuesOfAWrongTypeAreTold() {
        assertThat(of("inputs: 7")).containsExactly("p.test.yaml:3:13: `inputs` is the integer 7; expected an object");
        assertThat(of("tasks: [first]")).containsExactly("p.test.yaml:3:12: `tasks` is a list; expected an object");
        assertThat(of("tasks: {first: lost}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("p.test.yaml:3:20: the mock of first is the string");
        assertThat(of("tasks: {first: []}")).hasSize(1).first().asString().contains("is a list of 0 outcomes");
        assertThat(of("tasks: {first: {output: [1]}}"))
                .containsExactly("p.test.yaml:3:29: `output` is a list; expected an object");
        assertThat(of("tasks: {first: {output: {rows: 99999999999999999999}}}")).hasSize(1);
        assertThat(of("tasks: {first: {fail: {status: 99, retryable: maybe}}}")).hasSize(2);
        assertThat(of("expect: {tasks: {first: {attempts: many, status: gone}}}"))
                .hasSize(2);
        assertThat(of("expect: {that: tasks.first.output.rows}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("a condition must be true or false");
        assertThat(of("trigger: sun")).hasSize(1);
        assertThat(of("begin: tomorrow")).hasSize(1).first().asString().contains("expected an instant such as");
        assertThat(of("begin: '+999999999-12-31T23:59:59Z'")).hasSize(1);
        assertThat(of("unmocked: explode")).hasSize(1).first().asString().contains("expected one of refuse, succeed");
        assertThat(P.problems("tests: [7, null, [a]]")).hasSize(3);
        assertThat(P.problems("tests: [{name: 7}, {name: ''}, {}]")).hasSize(3);
    }

    @Test
    void timesThatCannotBe() {
        assertThat(of("tasks: {first: {takes: -5s}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("expected a duration such as");
        assertThat(of("tasks: {first: {takes: 5}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("which has no unit");
        assertThat(of("tasks: {first: {takes: 999999999d}}"))
                .containsExactly("p.test.yaml:3:28: `takes` is 999999999d; expected a duration from 0s to 366d");
        assertThat(of("tasks: {ask: {approve: {after: 9999999d}}}")).hasSize(1);
        assertThat(of("cancel: {reason: x}")).hasSize(1).first().asString().contains("has no `after`");
        assertThat(of("tasks: {first: {fail: away, times: 0}}")).hasSize(1);
        assertThat(of("tasks: {first: {fail: away, times: 1000000000000}}")).hasSize(1);
    }

    @Test
    void endingsThatDoNotFit() {
        assertThat(of("tasks: {ask: {output: {}}}"))
                .containsExactly(
                        "p.test.yaml:3:19: the task ask is of the kind `approval`, which cannot end with `output`;"
                                + " expected one of ends, approve, reject");
        assertThat(of("tasks: {ask: {takes: 1h}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("an approval needs an answer");
        assertThat(of("tasks: {first: {approve: ada}}")).hasSize(1);
        assertThat(of("tasks: {ask: {approve: ada, progress: {done: 0.5}}}")).hasSize(1);
        assertThat(of("tasks: {pause: {takes: 1s}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("it waits for the virtual clock");
        assertThat(of("tasks: {first: {output: {rows: 1}, fail: away}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("ends in one way, and this has `output` already");
        assertThat(of("tasks: {first: {fail: {exit_code: 1, status: 503}}}")).hasSize(1);
    }

    @Test
    void namesThatAreTaken() {
        assertThat(P.problems("tests:\n  - {name: a, tasks: {first: {output: {rows: 1}}}}\n  - {name: a}\n"))
                .containsExactly("p.test.yaml:3:12: the name \"a\" is taken by the test on line 2");
        assertThat(of("tasks: {first: {fail: a}, first: {fail: b}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("stands twice");
    }

    @Test
    void pipelinesThatAreNotThereOrNotRight() {
        assertThat(P.problems("pipeline: q.yaml\ntests: [{name: a}]"))
                .containsExactly(
                        "p.test.yaml:1:11: there is no pipeline in a file \"q.yaml\"; expected a path relative to this"
                                + " file");
        assertThat(P.problems("pipeline: ['']\ntests: [{name: a}]")).hasSize(1);
        assertThat(P.problems("pipeline: \"\\0\"\ntests: [{name: a}]")).hasSize(1);
        assertThat(Told.of("id: p\ntasks: [{id: a, shel: x}]").problems("tests: [{name: a}]"))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).startsWith("p.yaml:2:"));
    }

    @Test
    void mocksInACircleAndOfTheirOwn() {
        // `many` and `ask` have not ended when the mock of `first` is asked for: what it names is not there.
        TestResult circle = P.result("tasks: {first: {output: {rows: '${{ tasks.many.output.succeeded }}'}}}");
        assertThat(circle.errors()).hasSize(1);
        assertThat(circle.passed()).isFalse();
        assertThat(of("tasks: {first: {output: {rows: '${{ tasks.first.output.rows }}'}}}"))
                .hasSize(1)
                .first()
                .asString()
                .contains("the task first cannot refer to itself");
        assertThat(of("tasks: {first: {output: {rows: '${{ item }}'}}}")).hasSize(1);
        assertThat(of("tasks: {first: {output: {rows: '${{ inputs.n + }}'}}}")).hasSize(1);
    }

    @Test
    void outputsThatTheTaskMayNotGiveAreRefusedByTheEngine() {
        TestResult result = P.result(
                "tasks: {first: {output: {rows: many}}}\nexpect: {run: failed, tasks: {first: {failure: {kind: invalid_output}}}}");

        assertThat(result.passed()).isTrue();
    }

    @Test
    void expressionsWithoutEndAreRefused() {
        String sum = "1" + " + 1".repeat(5_000);
        assertThat(of("expect: {that: '" + sum + " > 0'}")).hasSize(1);
        assertThat(P.problems("tests:\n  - name: \ud83d\ude00\n    tasks: {first: {output: {rows: 1}}}\n"))
                .isEmpty();
        assertThat(P.parsed(("tests:\n  - name: a\u0001b\n").getBytes(StandardCharsets.UTF_8))
                        .problems())
                .hasSize(1);
    }
}
