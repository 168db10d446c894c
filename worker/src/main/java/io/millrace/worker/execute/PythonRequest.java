package io.millrace.worker.execute;

import io.millrace.worker.execute.ProcessRunner.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@link PythonHost} is told of a task: see {@code python_host.py}.
 *
 * @param fields all that lies behind the request's number
 */
record PythonRequest(String fields) {
    /** Linux takes no longer word or variable; what a fresh interpreter could not be given is not given to a warm one either. */
    private static final int LONGEST_STRING = 128 * 1024 - 1;

    private static final HexFormat HEX = HexFormat.of();

    /** The request for a command; empty when only a fresh start can tell what becomes of it. */
    static Optional<PythonRequest> of(Command command, Workspace workspace, StartVariables variables)
            throws IOException {
        Optional<Map<String, String>> environment = variables.of(command.environment(), workspace.work());
        if (environment.isEmpty() || environment.get().keySet().stream().anyMatch(PythonRequest::isNoName)) {
            return Optional.empty();
        }
        List<String> assignments = new ArrayList<>();
        environment.get().forEach((name, value) -> assignments.add(name + "=" + value));
        if (Stream.concat(assignments.stream(), command.words().stream()).anyMatch(PythonRequest::isRefused)) {
            return Optional.empty();
        }
        return Optional.of(new PythonRequest(String.join(
                " ",
                Long.toString(LimitMark.of(command.mark()).orElseThrow()),
                hex(String.join("\0", assignments)),
                hex(command.mark()),
                hex(workspace.work().toString()),
                hex(workspace.stdout().toString()),
                hex(workspace.stderr().toString()),
                hex(String.join("\0", command.words())))));
    }

    /** What a field holds. */
    static String text(String hex) {
        return new String(HEX.parseHex(hex), StandardCharsets.UTF_8);
    }

    private static boolean isNoName(String name) {
        return name.isEmpty() || name.indexOf('=') >= 0;
    }

    private static boolean isRefused(String text) {
        return text.indexOf('\0') >= 0 || text.getBytes(StandardCharsets.UTF_8).length > LONGEST_STRING;
    }

    private static String hex(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
