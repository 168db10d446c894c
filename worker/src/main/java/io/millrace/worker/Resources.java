package io.millrace.worker;

import io.millrace.schemas.config.Settings;
import io.millrace.worker.artifact.ArtifactSettings;
import io.millrace.worker.secret.SecretProvider;
import io.millrace.worker.secret.SecretProviders;
import io.millrace.worker.sql.SqlSources;
import java.util.List;

/**
 * What tasks may use on this worker beside the machine.
 *
 * @param secrets where the values of tasks' secrets are found, asked in this order
 * @param artifacts where files that tasks hand to each other are kept
 * @param sql the databases that {@code sql} tasks may use
 */
public record Resources(List<SecretProvider> secrets, ArtifactSettings artifacts, SqlSources sql) {
    /** Secrets of the environment, no store and no databases. */
    static Resources standard() {
        return new Resources(SecretProviders.read(SecretProviders.STANDARD), ArtifactSettings.NONE, SqlSources.NONE);
    }

    /** Copies the list. */
    public Resources {
        secrets = List.copyOf(secrets);
    }

    /** Reads {@code worker.secrets.provider}, and the settings of {@link ArtifactSettings#read} and {@link SqlSources#read}. */
    static Resources read(Settings settings) {
        List<SecretProvider> standard = SecretProviders.read(SecretProviders.STANDARD);
        return new Resources(
                settings.value("worker.secrets.provider", standard, SecretProviders::read)
                        .or(standard),
                ArtifactSettings.read(settings),
                SqlSources.read(settings));
    }

    Resources withSecrets(List<SecretProvider> value) {
        return new Resources(value, artifacts, sql);
    }

    Resources withArtifacts(ArtifactSettings value) {
        return new Resources(secrets, value, sql);
    }

    Resources withSql(SqlSources value) {
        return new Resources(secrets, artifacts, value);
    }
}
