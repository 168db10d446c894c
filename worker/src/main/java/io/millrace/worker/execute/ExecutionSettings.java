package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretProvider;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How executions are bounded, and what they may use.
 *
 * @param life the mark of this life of the worker
 * @param directory an existing directory of the worker's own, in which each attempt gets one
 * @param killGrace how long a process gets between SIGTERM and SIGKILL, and a handler between its interruption and being left behind
 * @param outputLimitBytes how much one attempt may write before lines are dropped; a character counts as a byte
 * @param memoryLimitBytes how much memory a script may take whose delivery does not say; empty for no limit
 * @param diskLimitBytes how much may lie in the directories of a script; empty for no limit
 * @param warmPython whether {@code python} tasks are begun by an interpreter that has started already, where that makes no difference
 * @param secrets where the values of secrets are found, in the order in which they are asked
 * @param artifacts the files that tasks hand to each other
 * @param sql the databases that they may use
 * @param proxy the proxy by which {@code http} tasks call
 */
public record ExecutionSettings(
        ProcessMark life,
        Path directory,
        Duration killGrace,
        long outputLimitBytes,
        Optional<Long> memoryLimitBytes,
        Optional<Long> diskLimitBytes,
        boolean warmPython,
        List<SecretProvider> secrets,
        Artifacts artifacts,
        SqlSources sql,
        Optional<HttpProxy> proxy) {
    /** Copies the list. */
    public ExecutionSettings {
        secrets = List.copyOf(secrets);
    }
}
