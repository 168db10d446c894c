package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "512MiB,536870912",
        "2GiB,2147483648",
        "500MB,500000000",
        "1kB,1000",
        "1KB,1000",
        "1KiB,1024",
        "3TB,3000000000000",
        "16TiB,17592186044416",
        "0MiB,0"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Sizes.parse(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "512",
                "MiB",
                "512 MiB",
                "-1GiB",
                "1.5GiB",
                "1e3MB",
                "512mib",
                "512M",
                "9999999GiB",
                "٣GiB",
                "1kiB"
            })
    void refusesEverythingElse(String text) {
        assertThat(Sizes.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"536870912,512MiB", "1024,1KiB", "1000,1000B", "17592186044416,16TiB", "1610612736,1536MiB"})
    void writesThemInTheLargestUnitThatFits(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }
}
