package io.millrace.coordinator.liveness;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that killed coordinators have left open. Until one is aborted, nobody reads what lies behind its records, and nobody gets the
 * partitions whose offsets it was about to commit; Kafka itself aborts it after ten to twenty seconds. A coordinator is lost when its transaction is open and
 * its process is no member of the group that it works in, which Kafka sees to within 6 s: the engine's, or that of a topic that triggers listen to.
 *
 * <p>Nothing rests on it but time: a coordinator that lives after all finds its transaction aborted, and joins anew.
 *
 * <p><b>Threading:</b> a thread of its own, which waits for Kafka.
 */
public final class LostCoordinators implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LostCoordinators.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    /** A process of Kafka Streams, whose id is part of the names of its members and of its transactions. */
    private static final String PROCESS = "-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-";

    private final String application;
    private final String listenerGroups;
    private final Pattern transactionalId;
    private final Pattern clientId;
    private final Admin admin;
    private final Rounds rounds;

    /** Begins to look. @param application the id of the Streams application, which is the name of its group */
    public LostCoordinators(KafkaAccess kafka, String application) {
        this.application = application;
        this.listenerGroups = kafka.topics().listenerGroups();
        this.transactionalId = Pattern.compile(Pattern.quote(application) + PROCESS + "\\d+");
        this.clientId = Pattern.compile(Pattern.quote(application) + PROCESS + ".*");
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("default.api.timeout.ms", (int) LIMIT.toMillis());
        properties.put("request.timeout.ms", (int) LIMIT.toMillis());
        this.admin = Admin.create(properties);
        this.rounds = Rounds.begin("lost-coordinators", INTERVAL, this::look, () -> admin.close(Duration.ZERO));
    }

    private void look() throws InterruptedException {
        try {
            endWhatIsLeftOpen();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /** A member of a group that may have transactions. @param life the part that its name has in common with that of its transactions */
    private record Member(String group, String life) {}

    /** Transactions first: whoever has one open is a member already, unless it is lost. */
    private void endWhatIsLeftOpen() throws InterruptedException, ExecutionException {
        Map<String, Member> open = openTransactions();
        if (open.isEmpty()) {
            return;
        }
        open.values()
                .removeAll(members(open.values().stream().map(Member::group).collect(Collectors.toSet())));
        if (!open.isEmpty()) {
            log.info("The transactions {} of coordinators that are gone are ended", open.keySet());
            admin.fenceProducers(open.keySet()).all().get();
        }
    }

    /** Whose transactions are open, by the transactions' ids. */
    private Map<String, Member> openTransactions() throws InterruptedException, ExecutionException {
        Collection<TransactionListing> open = admin.listTransactions(
                        new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))
                .all()
                .get();
        Map<String, Member> owners = new HashMap<>();
        for (TransactionListing transaction : open) {
            String id = transaction.transactionalId();
            process(transactionalId, id)
                    .map(process -> new Member(application, process))
                    .or(() -> reader(id))
                    .ifPresent(owner -> owners.put(id, owner));
        }
        return owners;
    }

    /** The reader of a topic, whose transactions are named like itself: group, {@code @}, instance. */
    private Optional<Member> reader(String name) {
        int end = name.lastIndexOf('@');
        return end > 0 && name.startsWith(listenerGroups)
                ? Optional.of(new Member(name.substring(0, end), name))
                : Optional.empty();
    }

    private Set<Member> members(Set<String> groups) throws InterruptedException, ExecutionException {
        Set<Member> members = new HashSet<>();
        for (String group : groups) {
            members.addAll(members(group));
        }
        return members;
    }

    private Set<Member> members(String group) throws InterruptedException, ExecutionException {
        try {
            return admin.describeConsumerGroups(Set.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .flatMap(member -> life(group, member.clientId()).stream())
                    .map(life -> new Member(group, life))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw e;
        }
    }

    private Optional<String> life(String group, String client) {
        return group.equals(application) ? process(clientId, client) : Optional.of(client);
    }

    private static Optional<String> process(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Stops looking. */
    @Override
    public void close() {
        rounds.close();
    }
}
