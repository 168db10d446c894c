package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description of this API for machines; a test holds every route and every answer to it. */
final class OpenApiRoutes {
    static final String RESOURCE = "openapi.yaml";

    void addTo(RouteTable routes) {
        byte[] yaml = description();
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(new String(yaml, UTF_8));
        routes.get(Paths.BASE + "/openapi.yaml", Dispatcher.at(new Answer(200, SubmissionBody.YAML, yaml, Map.of())));
        routes.get(Paths.BASE + "/openapi.json", Dispatcher.at(Answer.json(200, JsonText.valueOf(tree))));
    }

    private static byte[] description() {
        try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("The description of the API is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("The description of the API cannot be read", e);
        }
    }
}
