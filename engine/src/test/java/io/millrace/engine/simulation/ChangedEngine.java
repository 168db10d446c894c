package io.millrace.engine.simulation;

import io.millrace.engine.RunDecider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The engine and its simulation once more, with some of the engine's classes compiled from changed sources. What they
 * stand on, such as the parser of pipelines, is shared.
 */
final class ChangedEngine extends ClassLoader {
    private static final String PREFIX = "io.millrace.engine.";
    private static final Set<String> SHARED = Set.of(Search.class.getName(), Finding.class.getName());

    private final Path classes;

    private ChangedEngine(Path classes) {
        super(ChangedEngine.class.getClassLoader());
        this.classes = classes;
    }

    /** The simulation of an engine with this bug. @param directory an empty one for the compiled classes */
    static Search withBug(PlantedBug bug, Path directory) throws IOException, ReflectiveOperationException {
        compile(bug, directory);
        return (Search) new ChangedEngine(directory)
                .loadClass(Simulation.class.getName())
                .getConstructor()
                .newInstance();
    }

    private static void compile(PlantedBug bug, Path directory) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Source> sources = bug.sources().entrySet().stream()
                .map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        String path = locationOf(RunDecider.class) + System.getProperty("path.separator") + locationOf(Nullable.class);
        List<String> options =
                List.of("--release", "17", "-proc:none", "-nowarn", "-d", directory.toString(), "-classpath", path);
        if (!compiler.getTask(null, null, null, options, null, sources).call()) {
            throw new IllegalStateException("\"" + bug + "\" does not compile");
        }
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PREFIX) || SHARED.contains(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        Path changed = classes.resolve(file);
        try (InputStream in = Files.exists(changed)
                ? Files.newInputStream(changed)
                : getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///io/millrace/engine/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
