package io.millrace.worker;

import io.millrace.schemas.config.Settings;
import io.millrace.schemas.secret.SecretProvider;
import io.millrace.schemas.secret.SecretProviders;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.http.HttpProxy;
import io.millrace.worker.sql.SqlSources;
import java.util.List;
import java.util.Optional;

/**
 * What tasks may use on this worker beside the machine.
 *
 * @param secrets where the values of tasks' secrets are found, asked in this order
 * @param artifacts where files that tasks hand to each other are kept
 * @param sql the databases that {@code sql} tasks may use
 * @param proxy the proxy by which {@code http} tasks call; empty to call directly
 * @param warmPython whether {@code python} tasks may be forked from an interpreter that has started already
 */
public record Resources(
        List<SecretProvider> secrets,
        ArtifactSettings artifacts,
        SqlSources sql,
        Optional<HttpProxy> proxy,
        boolean warmPython) {
    /** Secrets of the environment, no store, no databases and no proxy; Python is warm. */
    static Resources standard() {
        return new Resources(
                SecretProviders.read(SecretProviders.STANDARD),
                ArtifactSettings.NONE,
                SqlSources.NONE,
                Optional.empty(),
                true);
    }

    /** Copies the list. */
    public Resources {
        secrets = List.copyOf(secrets);
    }

    /**
     * Reads {@code worker.secrets.provider} and {@code worker.python.warm}, and the settings of {@link ArtifactSettings#read}, {@link SqlSources#read} and {@link HttpProxy#read}.
     */
    static Resources read(Settings settings) {
        List<SecretProvider> standard = SecretProviders.read(SecretProviders.STANDARD);
        return new Resources(
                settings.value("worker.secrets.provider", standard, SecretProviders::read)
                        .or(standard),
                ArtifactSettings.read(settings),
                SqlSources.read(settings),
                HttpProxy.read(settings),
                settings.bool("worker.python.warm").or(true));
    }

    Resources withSecrets(List<SecretProvider> value) {
        return new Resources(value, artifacts, sql, proxy, warmPython);
    }

    Resources withArtifacts(ArtifactSettings value) {
        return new Resources(secrets, value, sql, proxy, warmPython);
    }

    Resources withSql(SqlSources value) {
        return new Resources(secrets, artifacts, value, proxy, warmPython);
    }

    Resources withWarmPython(boolean value) {
        return new Resources(secrets, artifacts, sql, proxy, value);
    }

    Resources withProxy(Optional<HttpProxy> value) {
        return new Resources(secrets, artifacts, sql, value, warmPython);
    }
}
