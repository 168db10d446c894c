package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;

/** `/info`: who answers, and where its topics are. */
final class InfoRoutes {
    private final Answer answer;

    InfoRoutes(InstanceInfo info) {
        ObjectNode body = JsonText.object();
        body.put("version", info.version());
        body.put("instance", info.instance());
        body.putObject("kafka")
                .put("bootstrap_servers", info.bootstrapServers())
                .put("topic_prefix", info.topicPrefix());
        body.put("registry_url", withoutUser(info.registryUrl()));
        answer = Answer.json(200, body);
    }

    /** A user and password are secrets (G9). */
    private static String withoutUser(URI url) {
        try {
            return new URI(url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The registry's URL has no usable form", e);
        }
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.BASE + "/info", Dispatcher.at(answer));
    }
}
