package io.millrace.embedded.registry;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.List;

/** Which request is which question or command: the whole protocol on one page. */
final class Routes {
    private final Exchange exchange;
    private final Queries queries;
    private final Commands commands;

    Routes(Exchange exchange, Queries queries, Commands commands) {
        this.exchange = exchange;
        this.queries = queries;
        this.commands = commands;
    }

    void addTo(Router router) {
        exchange.prepare(router);
        subjects(router);
        schemas(router);
        config(router);
        mode(router);
        compatibility(router);
        exchange.on(router, HttpMethod.GET, "/", call -> "{}");
        exchange.on(router, HttpMethod.GET, "/contexts", call -> Answers.texts(List.of(".")));
    }

    private void subjects(Router router) {
        exchange.on(
                router,
                HttpMethod.GET,
                "/subjects",
                call -> Answers.texts(queries.subjects(call.parameter("subjectPrefix", ""), call.flag("deleted"))));
        exchange.on(
                router,
                HttpMethod.POST,
                "/subjects/:subject",
                call -> Answers.version(queries.find(call.subject(), call.schema(), call.flag("deleted"))));
        exchange.on(
                router,
                HttpMethod.DELETE,
                "/subjects/:subject",
                call -> Answers.numbers(commands.deleteSubject(call.subject(), call.flag("permanent"))));
        exchange.on(
                router,
                HttpMethod.GET,
                "/subjects/:subject/versions",
                call -> Answers.numbers(queries.versions(call.subject(), call.flag("deleted")).stream()
                        .map(SchemaVersion::version)
                        .toList()));
        exchange.on(
                router,
                HttpMethod.POST,
                "/subjects/:subject/versions",
                call -> Answers.id(commands.register(call.subject(), call.schema())));
        exchange.on(
                router, HttpMethod.GET, "/subjects/:subject/versions/:version", call -> Answers.version(version(call)));
        exchange.on(
                router,
                HttpMethod.GET,
                "/subjects/:subject/versions/:version/schema",
                call -> version(call).schema());
        exchange.on(router, HttpMethod.GET, "/subjects/:subject/versions/:version/referencedby", call -> {
            version(call);
            return Answers.numbers(List.of());
        });
        exchange.on(
                router,
                HttpMethod.DELETE,
                "/subjects/:subject/versions/:version",
                call -> Answers.number(commands.deleteVersion(call.subject(), call.version(), call.flag("permanent"))));
    }

    private SchemaVersion version(Call call) {
        return queries.version(call.subject(), call.version(), call.flag("deleted"));
    }

    private void schemas(Router router) {
        exchange.on(
                router,
                HttpMethod.GET,
                "/schemas",
                call -> Answers.versions(queries.all(
                        call.parameter("subjectPrefix", ""), call.flag("deleted"), call.flag("latestOnly"))));
        exchange.on(router, HttpMethod.GET, "/schemas/types", call -> Answers.texts(List.of("AVRO")));
        exchange.on(
                router,
                HttpMethod.GET,
                "/schemas/ids/:id",
                call -> call.flag("fetchMaxId")
                        ? Answers.schema(queries.schema(call.id()), queries.highestId())
                        : Answers.schema(queries.schema(call.id())));
        exchange.on(router, HttpMethod.GET, "/schemas/ids/:id/schema", call -> queries.schema(call.id()));
        exchange.on(
                router,
                HttpMethod.GET,
                "/schemas/ids/:id/subjects",
                call -> Answers.texts(queries.versionsOf(call.id(), call.flag("deleted")).stream()
                        .map(SchemaVersion::subject)
                        .distinct()
                        .toList()));
        exchange.on(
                router,
                HttpMethod.GET,
                "/schemas/ids/:id/versions",
                call -> Answers.subjectVersions(queries.versionsOf(call.id(), call.flag("deleted"))));
    }

    private void config(Router router) {
        exchange.on(router, HttpMethod.GET, "/config", call -> Answers.levelInForce(queries.commonLevel()));
        exchange.on(router, HttpMethod.PUT, "/config", call -> Answers.levelSet(commands.setLevel(null, call.level())));
        exchange.on(router, HttpMethod.DELETE, "/config", call -> Answers.levelInForce(commands.resetLevel(null)));
        exchange.on(
                router,
                HttpMethod.GET,
                "/config/:subject",
                call -> Answers.levelInForce(queries.level(call.subject(), call.flag("defaultToGlobal"))));
        exchange.on(
                router,
                HttpMethod.PUT,
                "/config/:subject",
                call -> Answers.levelSet(commands.setLevel(call.subject(), call.level())));
        exchange.on(
                router,
                HttpMethod.DELETE,
                "/config/:subject",
                call -> Answers.levelInForce(commands.resetLevel(call.subject())));
    }

    private void mode(Router router) {
        exchange.on(router, HttpMethod.GET, "/mode", call -> Answers.mode());
        exchange.on(router, HttpMethod.GET, "/mode/:subject", call -> {
            if (!call.flag("defaultToGlobal")) {
                throw RegistryProblem.noSubjectMode(call.subject());
            }
            return Answers.mode();
        });
    }

    private void compatibility(Router router) {
        exchange.on(
                router,
                HttpMethod.POST,
                "/compatibility/subjects/:subject/versions",
                call -> Answers.compatible(queries.objections(call.subject(), call.schema()), call.flag("verbose")));
        exchange.on(
                router,
                HttpMethod.POST,
                "/compatibility/subjects/:subject/versions/:version",
                call -> Answers.compatible(
                        queries.objections(call.subject(), call.schema(), call.version()), call.flag("verbose")));
    }
}
