package io.millrace.worker.execute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a worker's scripts when the worker itself is killed (SIGKILL, out of memory): a shell of its own session that does nothing but wait for the end
 * of its standard input, which the system closes with this process, and then kills every process that carries this life's mark.
 *
 * <p>Why not {@code setpriv --pdeathsig}: that signal belongs to the <i>thread</i> that forked, and reaches the script's first process only, not what
 * that one started. Without {@code /proc} there is no lifeline; {@link Leftovers} then does what can be done at the next start.
 *
 * <p><b>Threading:</b> started and closed by the worker's owner.
 */
public final class Lifeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

    /** $1 is what the variables begin with, $2 what the limits do. The rounds are bounded so that an unkillable process does not keep it for ever. */
    private static final String SCRIPT = """
            read -r _
            round=0
            while [ $round -lt 100 ]; do
              found=$(grep -lF -e "MILLRACE_DELIVERY=$1" /proc/[0-9]*/environ 2>/dev/null
                grep -l "^Max file locks  *[^ ]*  *$2[0-9]\\{9\\} " /proc/[0-9]*/limits 2>/dev/null)
              [ -z "$found" ] && exit 0
              for file in $found; do
                process=${file#/proc/}
                kill -KILL "${process%/*}" 2>/dev/null
              done
              round=$((round + 1))
            done
            """;

    private final ProcessMark life;
    private final Optional<Process> shell;

    private Lifeline(ProcessMark life, Optional<Process> shell) {
        this.life = life;
        this.shell = shell;
    }

    /** Starts the lifeline of a life, where the machine allows it. */
    public static Lifeline of(ProcessMark life) {
        Programs programs = Programs.of(System.getenv());
        Optional<String> sh = programs.find("sh");
        if (!MarkedProcesses.areVisible() || sh.isEmpty()) {
            LOG.info("No lifeline for scripts on this machine: it has no /proc, or no sh");
            return new Lifeline(life, Optional.empty());
        }
        List<String> command = new ArrayList<>();
        programs.find("setsid").ifPresent(command::add);
        command.addAll(
                List.of(sh.get(), "-c", SCRIPT, "millrace-lifeline", life.prefix(), Long.toString(LimitMark.of(life))));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // Not one of an outer worker's processes, should this worker run inside a task: it must outlive us by a moment.
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        try {
            return new Lifeline(life, Optional.of(builder.start()));
        } catch (IOException e) {
            LOG.warn("The lifeline for scripts could not be started; a killed worker will leave them running", e);
            return new Lifeline(life, Optional.empty());
        }
    }

    /** Ends what is left of this life, and the lifeline with it. */
    @Override
    public void close() {
        try {
            ProcessTree.marked(marks -> marks.areOf(life)).kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shell.ifPresent(Process::destroyForcibly);
    }

    /** Does what the system does when this process ends: closes the pipe. */
    void letGo() throws IOException {
        if (shell.isPresent()) {
            shell.get().getOutputStream().close();
        }
    }
}
