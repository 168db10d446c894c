package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the start of an interpreter makes of its environment: which variables it reads, itself or by the C library, by modules that every start imports and
 * by a launcher that chooses it (a script of pyenv, asdf or mise in its place); and which of them a launcher has changed.
 *
 * @param given the environment with which an interpreter was started
 * @param found what it found
 * @param directory the directory in which it was started
 */
record StartVariables(Map<String, String> given, Map<String, String> found, Path directory) {
    private static final Set<String> NAMES =
            Set.of("HOME", "LANG", "LANGUAGE", "LOCPATH", "NLSPATH", "BASH_ENV", "ENV");
    private static final List<String> PREFIXES = List.of(
            "PYTHON",
            "__PYVENV",
            "LC_",
            "LD_",
            "GLIBC_",
            "GCONV_",
            "MALLOC_",
            "COVERAGE_",
            "PYENV",
            "ASDF_",
            "MISE_",
            "BASH_FUNC_");

    /** Whether the start of an interpreter may read it. */
    static boolean isRead(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }

    /**
     * What another start in that directory would find of the wanted environment; empty when only another start can tell.
     *
     * @param work where that start would be
     */
    Optional<Map<String, String>> of(Map<String, String> wanted, Path work) throws IOException {
        Set<String> names = new HashSet<>(wanted.keySet());
        names.addAll(given.keySet());
        names.addAll(found.keySet());
        names.remove(ProcessMark.VARIABLE);
        Map<String, String> told = new HashMap<>(wanted);
        for (String name : names) {
            Optional<String> before = Optional.ofNullable(given.get(name));
            Optional<String> after = Optional.ofNullable(found.get(name));
            boolean isChanged = !before.equals(after);
            if ((isChanged || isRead(name)) && !before.equals(Optional.ofNullable(wanted.get(name)))) {
                return Optional.empty();
            }
            if (isChanged && after.isEmpty()) {
                told.remove(name);
            } else if (isChanged) {
                // PWD of a launcher that is a shell, for example.
                boolean isDirectory = after.get().equals(directory.toString());
                told.put(name, isDirectory ? work.toRealPath().toString() : after.get());
            }
        }
        return Optional.of(told);
    }
}
