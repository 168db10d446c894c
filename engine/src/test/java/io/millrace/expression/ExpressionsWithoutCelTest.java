package io.millrace.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** CEL costs its first user a second, so nothing may load it that does not need it: shown by leaving it off the class path. */
class ExpressionsWithoutCelTest {
    private static final String PLAIN = """
            id: hello
            inputs: {name: {type: string, default: world}}
            tasks:
              - {id: a, shell: x, with: {name: "${{ inputs.name }}"}, env: {RUN: "${{ run.id }}"}}
              - {id: b, needs: a, shell: x, with: {all: "${{ tasks.a.output.rows }}"}}
            """;

    @Test
    void aPipelineWhoseExpressionsOnlyNameValuesDoesNotTouchCel() throws Exception {
        assertThat(problems(PLAIN)).isEqualTo("[]");
        assertThat(problems(PLAIN.replace("inputs.name", "inputs.nme"))).contains("did you mean \"name\"?");
    }

    @Test
    void aPipelineThatCalculatesDoes() {
        assertThatThrownBy(() -> problems(PLAIN.replace("inputs.name }", "inputs.name + '!' }")))
                .isInstanceOf(InvocationTargetException.class)
                .hasCauseInstanceOf(NoClassDefFoundError.class);
    }

    private static String problems(String source) throws Exception {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("cel" + File.separator))
                .map(ExpressionsWithoutCelTest::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Object parsed = loader.loadClass("io.millrace.pipeline.PipelineParser")
                    .getMethod("parse", String.class, String.class)
                    .invoke(null, "hello.yaml", source);
            return parsed.getClass().getMethod("problems").invoke(parsed).toString();
        }
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
