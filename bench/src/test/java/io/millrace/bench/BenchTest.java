package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.figure.Workload;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void workloadsAreNumberedFromOneOn() {
        List<Workload> workloads = Bench.workloads();

        assertThat(workloads)
                .hasSizeGreaterThan(10)
                .extracting(Workload::id)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, workloads.size())
                        .mapToObj(i -> "W" + i)
                        .toList());
    }

    @Test
    void everyWorkloadSaysInOneLineWhatItMeasures() {
        assertThat(Bench.workloads())
                .extracting(Workload::title)
                .allSatisfy(title -> assertThat(title).hasSizeBetween(20, 100).doesNotContain("\n"))
                .doesNotHaveDuplicates();
    }
}
