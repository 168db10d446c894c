package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 bytes",
        "1023,1023 bytes",
        "1024,1KiB",
        "1572864,1.5MiB",
        "536870912,512MiB",
        "1500000000,1.4GiB",
        "536900000,512MiB"
    })
    void saysSizesAsPeopleWriteThem(long bytes, String words) {
        assertThat(ByteSize.words(bytes)).isEqualTo(words);
    }
}
