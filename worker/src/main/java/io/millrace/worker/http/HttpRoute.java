package io.millrace.worker.http;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.Optional;

/**
 * By which way the requests of a call leave the worker; a redirect may lead to a host that is called without the proxy, and back.
 *
 * @param proxy the proxy; empty to call everything directly
 * @param password for the proxy's login, where it has one
 */
public record HttpRoute(Optional<HttpProxy> proxy, Optional<String> password) {
    /** Without a proxy. */
    public static final HttpRoute DIRECT = new HttpRoute(Optional.empty(), Optional.empty());

    /** The proxy by which this host is called; empty when it is called directly. */
    Optional<HttpProxy> to(String host) {
        return proxy.filter(known -> known.serves(host));
    }

    /** How Vert.x is told of the proxy by which this host is called. */
    Optional<ProxyOptions> optionsTo(String host) {
        return to(host).map(known -> {
            ProxyOptions options = new ProxyOptions()
                    .setType(ProxyType.HTTP)
                    .setHost(known.host())
                    .setPort(known.port());
            known.login().ifPresent(login -> options.setUsername(login.user()).setPassword(password.orElse("")));
            return options;
        });
    }

    /** Nothing of the password. */
    @Override
    public String toString() {
        return proxy.map(known -> "by " + known).orElse("directly");
    }
}
