package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChainsTest {
    @Test
    void eachTaskWaitsForTheOneBefore() {
        assertThat(Chains.of(2, "nothing")).isEqualTo("""
                id: chain_2_nothing
                tasks:
                  - {id: t1, java: nothing}
                  - {id: t2, needs: t1, java: nothing}
                """);
    }
}
