package io.millrace.cli.profile;

import io.millrace.schemas.config.Secrets;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a cluster is reached.
 *
 * @param name what the user calls it
 * @param url the address of its coordinators
 * @param kafka its bootstrap servers
 * @param registry its schema registry
 * @param prefix what the names of its topics start with
 * @param client settings of Kafka's clients, security included
 */
public record Profile(
        String name,
        Optional<URI> url,
        Optional<String> kafka,
        Optional<URI> registry,
        Optional<String> prefix,
        Map<String, String> client) {
    public Profile {
        client = Map.copyOf(client);
    }

    /** The settings that it stands for, by the keys that coordinators and workers know, too. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        kafka.ifPresent(value -> settings.put("kafka.bootstrap.servers", value));
        registry.ifPresent(value -> settings.put("registry.url", value.toString()));
        prefix.ifPresent(value -> settings.put("topic.prefix", value));
        client.forEach((key, value) -> settings.put("kafka.client." + key, value));
        return settings;
    }

    /** The client's settings as they may be printed (G9). */
    public Map<String, String> maskedClient() {
        return Secrets.masked(client);
    }

    /** A URL as it may be printed: without its password. */
    public static String masked(URI url) {
        return Secrets.maskedUrl(url.toString());
    }

    /** With secrets masked. */
    @Override
    public String toString() {
        return "Profile[name=" + name + ", url=" + url.map(Profile::masked).orElse("") + ", kafka="
                + kafka.orElse("") + ", registry="
                + registry.map(Profile::masked).orElse("") + ", prefix="
                + prefix.orElse("") + ", client=" + maskedClient() + "]";
    }
}
