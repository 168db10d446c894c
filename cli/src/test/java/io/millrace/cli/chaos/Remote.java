package io.millrace.cli.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network of its own for one worker, so that it can be cut off from everything: a namespace and a pair of virtual cables,
 * addresses from a range that is used nowhere else. Needs root and Linux.
 */
final class Remote implements AutoCloseable {
    private final String name = "mr" + ProcessHandle.current().pid() % 100_000;
    private final String near = name + "a";
    private final String far = name + "b";
    private final String net = "10.231." + ProcessHandle.current().pid() % 250 + ".";

    /** Whether there can be such a network here. */
    static boolean isPossible() {
        try {
            String probe = "mrprobe" + ProcessHandle.current().pid() % 100_000;
            boolean made = run("ip", "netns", "add", probe) == 0;
            return made && run("ip", "netns", "del", probe) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    Remote() {
        must("ip", "netns", "add", name);
        must("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
        must("ip", "addr", "add", net + "1/30", "dev", near);
        must("ip", "link", "set", near, "up");
        must("ip", "-n", name, "addr", "add", net + "2/30", "dev", far);
        must("ip", "-n", name, "link", "set", far, "up");
        must("ip", "-n", name, "link", "set", "lo", "up");
    }

    /** The address of this side, as seen from the other. */
    String host() {
        return net + "1";
    }

    /** What comes before a command that is to run on the other side. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    void cut() {
        must("ip", "link", "set", near, "down");
    }

    void mend() {
        must("ip", "link", "set", near, "up");
    }

    @Override
    public void close() {
        must("ip", "netns", "del", name);
    }

    private static void must(String... command) {
        try {
            if (run(command) != 0) {
                throw new AssertionError("this failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no end of " + String.join(" ", command));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!said.isBlank()) {
                System.out.println(String.join(" ", command) + ": " + said.strip());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
