package io.github.sequinroutes.sequin;

import io.github.sequinroutes.config.HttpProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;

/** How to reach Sequin: whom to trust, and through which proxy. What is not given is the host's or the JVM's. Thread-safe. */
public final class ServerConnections {
    /** As many as the routes allow Camel's. */
    private static final int MOST = 256;

    private final boolean isEncrypted;
    private final List<X509Certificate> authorities;
    private final HttpProxy proxy;

    /**
     * Connections to a server.
     *
     * @param url         its base URL
     * @param authorities whose certificates are trusted, beside those that the JVM trusts; none leaves that to the host
     * @param proxy       the proxy, or null for that of the host or the JVM
     */
    public ServerConnections(String url, List<X509Certificate> authorities, HttpProxy proxy) {
        isEncrypted = url.startsWith("https:");
        this.authorities = List.copyOf(authorities);
        this.proxy = proxy;
    }

    /** Has a client make such connections. */
    void configure(HttpClientBuilder client) {
        if (!authorities.isEmpty()) {
            // not the host's pool, and so closed with the client
            client.setConnectionManagerShared(false)
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                                    .setSslContext(trust())
                                    .useSystemProperties()
                                    .buildClassic())
                            .setMaxConnPerRoute(MOST)
                            .setMaxConnTotal(MOST)
                            .build());
        }
        if (proxy == null) {
            client.useSystemProperties(); // -Dhttps.proxyHost and its like, unless the host has set a proxy
            return;
        }
        client.setProxy(new HttpHost("http", proxy.host(), proxy.port()));
        if (proxy.user() != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(proxy.host(), proxy.port()),
                    new UsernamePasswordCredentials(
                            proxy.user(), proxy.password().toCharArray()));
            client.setDefaultCredentialsProvider(credentials);
        }
    }

    /**
     * Tells the proxy who asks, at once: the body of a request is not sent again when it is told to say so. Through a tunnel
     * the request is for the server alone.
     */
    void authorize(HttpRequest request) {
        if (proxy != null && proxy.user() != null && !isEncrypted) {
            String plain = proxy.user() + ":" + proxy.password();
            request.setHeader(
                    "Proxy-Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private SSLContext trust() {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int count = 0;
            for (TrustManager manager : managers(null)) {
                for (X509Certificate authority : ((X509TrustManager) manager).getAcceptedIssuers()) {
                    trusted.setCertificateEntry("jvm-" + ++count, authority);
                }
            }
            for (X509Certificate authority : authorities) {
                trusted.setCertificateEntry("own-" + ++count, authority);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(trusted), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The certificates of sequin.ca-file cannot be used: " + e.getMessage(), e);
        }
    }

    /** Those of a store, or the JVM's. */
    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
