package io.millrace.schemas.group;

import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * The consumer group of all workers, as one sees it who takes members from it.
 *
 * <p>Kafka misses a dead member of a {@code consumer} group after the broker's {@code group.consumer.session.timeout.ms}, which is
 * 45 s, and may not be set lower by a client (KIP-848). For so long nobody would get what is dispatched to the partitions of a
 * killed worker. Millrace knows earlier that a worker is gone: when its lease ends, or when it is started anew. So each life of
 * a worker is a static member, which others can take from the group.
 *
 * <p><b>Threading:</b> safe for any number of threads; each call waits for Kafka, for 2 seconds at most.
 */
public final class WorkerGroup implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Admin admin;
    private final Topics topics;

    /** Connects at the first question. */
    public WorkerGroup(KafkaAccess kafka) {
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("default.api.timeout.ms", (int) LIMIT.toMillis());
        properties.put("request.timeout.ms", (int) LIMIT.toMillis());
        this.admin = Admin.create(properties);
        this.topics = kafka.topics();
    }

    /**
     * The lives that are members at the moment, dead ones that Kafka has not missed yet among them.
     *
     * @throws KafkaException when Kafka does not say
     */
    public List<WorkerLife> members() throws InterruptedException {
        String group = topics.workerGroup();
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .flatMap(member -> member.groupInstanceId().stream())
                    .flatMap(name -> WorkerLife.ofMember(name).stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw failure(e);
        }
    }

    /**
     * Takes a life from the group: its partitions go to the others at once. One that lives on after all joins again by itself, and
     * what it was about to commit is refused. Nothing happens when it is no member.
     *
     * @throws KafkaException when Kafka does not answer, or refuses
     */
    public void remove(WorkerLife life) throws InterruptedException {
        try {
            admin.removeMembersFromConsumerGroup(
                            topics.workerGroup(),
                            new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(life.memberName()))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownMemberIdException
                    || e.getCause() instanceof GroupIdNotFoundException)) {
                throw failure(e);
            }
        }
    }

    /**
     * Aborts the transaction that a dead worker left open, and takes the worker from the group. Until it is aborted, nobody reads what lies
     * behind its records, and nobody gets the offsets that it was about to commit. A worker that lives on after all begins anew.
     *
     * @throws KafkaException when Kafka does not answer, or refuses
     */
    public void dismiss(WorkerLife life) throws InterruptedException {
        try {
            admin.fenceProducers(List.of(topics.claimTransactions(life.worker())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
        remove(life);
    }

    private static KafkaException failure(ExecutionException e) {
        return e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }

    /** Does not wait for what was asked. */
    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
