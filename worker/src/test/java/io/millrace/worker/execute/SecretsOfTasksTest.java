package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.LogStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsOfTasksTest {
    private static final String VALUE = "hunter22 & co";

    @TempDir
    Path directory;

    private Workbench bench;

    @BeforeEach
    void knowASecret() {
        bench = new Workbench(directory, Map.of("echo", call -> {
                    call.log("it is " + call.delivery().env().get("TOKEN"));
                    throw new IllegalStateException(
                            "no " + "x".repeat(1_970) + call.delivery().env().get("TOKEN"));
                }))
                .secrets(Map.of("TOKEN", VALUE));
    }

    @Test
    void aScriptFindsTheValueInItsVariable() {
        assertThat(Workbench.output(
                        bench.shell("[ \"$TOKEN\" = 'hunter22 & co' ] && echo '{\"ok\":1}' > $MILLRACE_OUTPUT")))
                .isEqualTo("{\"ok\":1}");
    }

    @Test
    void noLineShowsIt() {
        bench.shell(
                "echo \"<$TOKEN>\"; echo \"<$TOKEN>\" >&2; echo -n $TOKEN | base64; env | grep TOKEN; printf %s \"$TOKEN\"");
        assertThat(bench.texts(LogStream.STDOUT)).containsExactly("<***>", "***", "TOKEN=***", "***");
        assertThat(bench.texts(LogStream.STDERR)).containsExactly("<***>");
    }

    @Test
    void noOutputShowsIt() {
        assertThat(Workbench.output(bench.python("""
                import json, os
                t = os.environ["TOKEN"]
                json.dump({"a": [t, {"b": "x" + t}], t: 1}, open(os.environ["MILLRACE_OUTPUT"], "w"))
                """))).isEqualTo("{\"a\":[\"***\",{\"b\":\"x***\"}],\"***\":1}");
    }

    @Test
    void noFailureShowsIt() {
        Failure exit = Workbench.failure(bench.shell("echo \"bad $TOKEN\" >&2; exit 3"));
        assertThat(exit.stderrTail()).containsExactly("bad ***");
        Failure output = Workbench.failure(bench.shell("echo \"${TOKEN% & co}-x\" > $MILLRACE_OUTPUT"));
        assertThat(output.message()).isEqualTo("The output is not JSON (line 1, column 1).");
        Failure thrown = Workbench.failure(bench.java("echo"));
        assertThat(thrown.message())
                .startsWith("IllegalStateException: no xxx")
                .doesNotContain("hunter")
                .contains("***");
        assertThat(bench.lines).noneMatch(line -> line.text().contains("hunter"));
    }

    @Test
    void aSecretAcrossTheCutOfALineStaysHidden() {
        bench.python("import os; t = os.environ['TOKEN']; print('x' * 7990 + t + 'y' * 9000); print('€' * 7999 + t)");
        assertThat(bench.texts(LogStream.STDOUT))
                .hasSize(2)
                .noneMatch(line -> line.contains("hu") || line.length() > 8_000);
    }

    @Test
    void anUnknownSecretFailsForGood() {
        Workbench unknown = new Workbench(directory).secrets(Map.of("TOKEN", ""));
        Failure failure = Workbench.failure(unknown.shell("true"));
        assertThat(failure.message())
                .startsWith("The secret 'TOKEN' is refused: in testing it has fewer than 4 characters");
        assertThat(failure.retryable()).isFalse();
    }
}
