package io.millrace.worker.claim;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether there are other workers to take what this one lets go of: the last one in the group need not leave it, only to join again.
 *
 * <p><b>Threading:</b> confined to the poll thread, which waits for the answer.
 */
final class Company implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Company.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Admin admin;
    private final String group;

    Company(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /** Whether the group has a member beside this one; true as well when that cannot be found out, since leaving does no harm. */
    boolean isPresent() throws InterruptedException {
        try {
            int members = admin
                    .describeConsumerGroups(List.of(group))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .mapToInt(description -> description.members().size())
                    .sum();
            return members > 1;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The members of group {} are not known", group, e);
            return true;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
