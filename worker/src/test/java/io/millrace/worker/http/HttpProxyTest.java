package io.millrace.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.Settings;
import io.millrace.schemas.config.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProxyTest {
    private static Optional<HttpProxy> read(Map<String, String> given) {
        Settings settings = Settings.of(given);
        Optional<HttpProxy> proxy = HttpProxy.read(settings);
        settings.finish();
        return proxy;
    }

    @Test
    void readsWhatIsSet() {
        assertThat(read(Map.of())).isEmpty();
        assertThat(read(Map.of("worker.proxy.url", "http://proxy.example.org:3128")))
                .contains(new HttpProxy("proxy.example.org", 3128, Optional.empty(), HttpProxy.STANDARD_BYPASS));
        assertThat(read(Map.of(
                        "worker.proxy.url", "http://10.0.0.1:8080/",
                        "worker.proxy.user", "worker",
                        "worker.proxy.password.secret", "proxy_password",
                        "worker.proxy.bypass", "Intern.example.org, .example.net,::1")))
                .contains(new HttpProxy(
                        "10.0.0.1",
                        8080,
                        Optional.of(new HttpProxy.Login("worker", "proxy_password")),
                        List.of("intern.example.org", ".example.net", "::1")));
    }

    @Test
    void anAddressOfIpv6HasBracketsWhereItIsWritten() {
        HttpProxy proxy =
                read(Map.of("worker.proxy.url", "http://[fd00::1]:3128")).orElseThrow();

        assertThat(proxy.host()).isEqualTo("fd00::1");
        assertThat(proxy).hasToString("http://[fd00::1]:3128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example.org:3128",
                "https://proxy.example.org:3128",
                "socks5://proxy.example.org:1080",
                "http://proxy.example.org",
                "http://:3128",
                "http://proxy.example.org:99999",
                "http://proxy.example.org:3128/path",
                "http://proxy.example.org:3128?a=b",
                "http://not a host:1"
            })
    void refusesOtherAddresses(String url) {
        assertThatThrownBy(() -> read(Map.of("worker.proxy.url", url)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.proxy.url")
                .hasMessageContaining("http://<host>:<port>");
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotPrinted() {
        assertThatThrownBy(() -> read(Map.of("worker.proxy.url", "http://me:hush-hush@proxy.example.org:3128")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("worker.proxy.password.secret")
                .hasMessageNotContaining("hush-hush");
    }

    @Test
    void whatNeedsAnotherSettingNamesIt() {
        assertThatThrownBy(() -> read(
                        Map.of("worker.proxy.url", "http://proxy.example.org:3128", "worker.proxy.user", "worker")))
                .hasMessageContaining("worker.proxy.password.secret: it must be set, since worker.proxy.user is");
        assertThatThrownBy(() -> read(Map.of("worker.proxy.bypass", "example.org")))
                .hasMessageContaining("worker.proxy.url: it must be set, since worker.proxy.bypass is");
        assertThatThrownBy(() -> read(Map.of(
                        "worker.proxy.url", "http://proxy.example.org:3128",
                        "worker.proxy.user", "worker",
                        "worker.proxy.password.secret", "not a name!",
                        "worker.proxy.bypass", "10.0.0.0/8")))
                .hasMessageContaining("the name of a secret, not a password")
                .hasMessageContaining("worker.proxy.bypass")
                .hasMessageContaining("names of hosts")
                .hasMessageNotContaining("must be set");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org,false",
        "API.example.org,false",
        "anexample.org,true",
        "example.net,true",
        "api.example.net,false",
        "10.0.0.7,false",
        "110.0.0.7,true",
        "::1,false",
        "example.org.evil.test,true"
    })
    void aNameStandsForAllNamesBelowIt(String host, boolean served) {
        HttpProxy proxy =
                new HttpProxy("proxy", 1, Optional.empty(), List.of("Example.org", ".example.net", "10.0.0.7", "::1"));

        assertThat(proxy.serves(host)).isEqualTo(served);
    }
}
