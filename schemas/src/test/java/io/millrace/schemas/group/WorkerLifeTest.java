package io.millrace.schemas.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerLifeTest {
    @ParameterizedTest
    @ValueSource(strings = {"w1", "host.example.org", "a.b_c-d", "."})
    void isFoundAgainByTheNameOfItsMember(String worker) {
        WorkerLife life = new WorkerLife(worker, "1795747277519-2910017d");

        assertThat(WorkerLife.ofMember(life.memberName())).contains(life);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "somebody", ".1"})
    void isNotWhatIsCalledOtherwise(String name) {
        assertThat(WorkerLife.ofMember(name)).isEmpty();
    }

    @Test
    void isNoLaterThanItselfAndLaterLives() {
        WorkerLife first = new WorkerLife("w", "1795747277519-ffffffff");
        WorkerLife second = new WorkerLife("w", "1795747277520-00000000");

        assertThat(first.isNoLaterThan(first)).isTrue();
        assertThat(first.isNoLaterThan(second)).isTrue();
        assertThat(second.isNoLaterThan(first)).isFalse();
        assertThat(first.isNoLaterThan(new WorkerLife("v", second.incarnation())))
                .isFalse();
    }
}
