package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.pool.Pools;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunFilter;
import io.millrace.coordinator.query.RunPage;
import io.millrace.coordinator.topology.PoolLimits;
import io.millrace.engine.RunStatus;
import io.millrace.event.PoolSetting;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.PoolId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The pools: how many slots each has, which pipelines share them, and how many of their runs have one and wait for one. */
final class PoolRoutes {
    /** More runs of a pipeline are not counted. */
    private static final int MOST_COUNTED = 5_000;

    private final PipelineCatalogue catalogue;
    private final Pools pools;
    private final History history;
    private final ApiServer.Lanes lanes;

    PoolRoutes(PipelineCatalogue catalogue, Pools pools, History history, ApiServer.Lanes lanes) {
        this.catalogue = catalogue;
        this.pools = pools;
        this.history = history;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get(Paths.POOLS, Dispatcher.to(lanes.reading(), this::list));
        routes.put(Paths.POOL, ServerLimits.MAX_BODY_BYTES, Dispatcher.to(lanes.writing(), this::set));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery();
        Map<PoolId, Set<String>> sharing = new TreeMap<>(Comparator.comparing(PoolId::value));
        pools.settings().forEach(setting -> sharing.put(new PoolId(setting.getPool()), new TreeSet<>()));
        catalogue
                .known()
                .forEach(version -> version.pipeline()
                        .concurrency()
                        .flatMap(Concurrency::pool)
                        .ifPresent(pool -> sharing.computeIfAbsent(pool, none -> new TreeSet<>())
                                .add(version.id().value())));
        ObjectNode body = JsonText.object();
        ArrayNode shown = body.putArray("pools");
        sharing.forEach((pool, pipelines) -> shown.add(pool(pool, pipelines)));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private ObjectNode pool(PoolId pool, Set<String> pipelines) {
        Optional<PoolSetting> setting = pools.setting(pool);
        int running = 0;
        int queued = 0;
        for (String pipeline : pipelines) {
            running += count(pipeline, RunStatus.RUNNING);
            queued += count(pipeline, RunStatus.QUEUED);
        }
        ObjectNode shown = JsonText.object()
                .put("pool", pool.value())
                .put("slots", setting.map(PoolSetting::getSlots).orElse(PoolLimits.UNLESS_SET))
                .put("set", setting.isPresent())
                .put("running", running)
                .put("queued", queued)
                .put("reason", setting.flatMap(PoolSetting::getReason).orElse(null))
                .put("by", setting.flatMap(PoolSetting::getBy).orElse(null));
        JsonText.put(shown, "at", setting.map(PoolSetting::getAt));
        ArrayNode of = shown.putArray("pipelines");
        pipelines.forEach(of::add);
        return shown;
    }

    private int count(String pipeline, RunStatus status) {
        RunFilter filter = RunFilter.of(Optional.of(pipeline), Set.of(status));
        int count = 0;
        Optional<String> cursor = Optional.empty();
        do {
            RunPage page = history.list(filter, History.MAX_PAGE, cursor);
            count += page.runs().size();
            cursor = page.next();
        } while (cursor.isPresent() && count < MOST_COUNTED);
        return count;
    }

    private CompletionStage<Answer> set(Call call) {
        call.allowQuery();
        ObjectNode body = call.json("slots", "reason", "by");
        PoolId pool = id(call.pathParameter("id"));
        JsonNode slots = body.path("slots");
        if (slots.isNull()) {
            return pools.unset(pool).thenApply(done -> answer(pool, PoolLimits.UNLESS_SET, false));
        }
        if (!slots.isIntegralNumber()
                || !slots.canConvertToInt()
                || slots.intValue() < 0
                || slots.intValue() > Pools.MOST_SLOTS) {
            throw new ProblemException(
                    ProblemKind.MALFORMED_JSON,
                    "\"slots\" must be a whole number from 0 to " + Pools.MOST_SLOTS
                            + ", or null to say nothing of the pool any more"
                            + (slots.isMissingNode() ? ", and is missing" : ""));
        }
        return pools.set(pool, slots.intValue(), CommandBody.reason(body, "reason"), CommandBody.by(body))
                .thenApply(done -> answer(pool, slots.intValue(), true));
    }

    private static Answer answer(PoolId pool, int slots, boolean set) {
        return Answer.json(
                200,
                JsonText.object().put("pool", pool.value()).put("slots", slots).put("set", set));
    }

    private static PoolId id(String text) {
        try {
            return new PoolId(text);
        } catch (IllegalArgumentException notAName) {
            throw new ProblemException(
                    ProblemKind.INVALID_PARAMETER,
                    "\"" + text + "\" cannot be the name of a pool; allowed is a lower-case letter, then lower-case"
                            + " letters, digits and underscores, at most 63 characters");
        }
    }
}
