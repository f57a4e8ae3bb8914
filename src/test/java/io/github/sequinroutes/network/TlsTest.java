package io.github.sequinroutes.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.network.TestAuthority.Issued;
import io.github.sequinroutes.testkit.PostgresServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 75: a server that cannot prove who it is gets nothing, and is waited for like one that is away. */
@Order(1) // takes long
@Tag("long")
class TlsTest {
    /** What a connection has taken along that was closed comes again after it. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    private final Instant tomorrow = Instant.now().plusSeconds(86_400);
    private final Instant yesterday = Instant.now().minusSeconds(86_400);

    private final TemporaryFolder folder = new TemporaryFolder("tls");
    private final TestAuthority authority = new TestAuthority("Authority");
    private final TestAuthority other = new TestAuthority("Other");
    private final Issued good = authority.issue("localhost", tomorrow);
    private int offered;

    TlsTest() throws Exception {}

    /** What a server may show instead of a good certificate, by what is said of it. */
    private Map<String, Issued> badOnes() throws Exception {
        Map<String, Issued> bad = new LinkedHashMap<>();
        bad.put("has expired; have it renewed", authority.issue("localhost", yesterday));
        bad.put("is for another host; name the host in", authority.issue("sequin.example", tomorrow));
        bad.put("is from an authority that is not trusted; write", other.issue("localhost", tomorrow));
        return bad;
    }

    private interface Change {
        void to(Issued certificate) throws Exception;
    }

    /** Whatever bad certificate the end shows, nothing is lost, and it goes on as soon as the end shows a good one. */
    private void survives(TestBundle bundle, String end, Change change) throws Exception {
        bundle.start();
        writes(bundle);
        for (Map.Entry<String, Issued> bad : badOnes().entrySet()) {
            change.to(bad.getValue());
            offer(bundle);
            bundle.awaitUnhealthy("The certificate of " + end + " " + bad.getKey());
            change.to(good);
            writes(bundle);
        }
        assertEquals(List.of(), bundle.deadLetters());
    }

    private void offer(TestBundle bundle) {
        bundle.offer(TestRecord.of("stripe:customer", "c" + ++offered, 1, "{\"balance\": 1}"));
    }

    private void writes(TestBundle bundle) throws Exception {
        offer(bundle);
        bundle.awaitDrained().awaitHealthy();
        assertEquals(List.of("" + offered), bundle.database().rows("select count(*) from stripe.customers"));
    }

    @Test
    void sequinWithAPrivateAuthority() throws Exception {
        Path authorities = folder.path().resolve("authorities.pem");
        Files.writeString(authorities, "One of two\n" + new TestAuthority("Unused").pem() + authority.pem());
        try (TestBundle bundle = new TestBundle(LEASE);
                Relay tls = Relay.tls(URI.create(bundle.server().url()).getPort(), good.context())) {
            bundle.set("sequin.url", "https://localhost:" + tls.port())
                    .set("sequin.ca-file", authorities.toString())
                    .set("sequin.workers", "1");
            survives(bundle, "Sequin (sequin.url)", certificate -> tls.show(certificate.context()));
        } finally {
            folder.close();
        }
    }

    @Test
    void postgresWithAPrivateAuthority() throws Exception {
        Path root = Files.writeString(folder.path().resolve("root.pem"), authority.pem());
        show(good);
        try (PostgresServer postgres = new PostgresServer(
                        Map.of("ssl", "on", "ssl_cert_file", file("server.crt"), "ssl_key_file", file("server.key")));
                TestBundle bundle = new TestBundle(LEASE, new TestDatabase(postgres.port()))) {
            bundle.set("postgres.url", bundle.database().url() + "&sslmode=verify-full&sslrootcert=" + root)
                    .set("sequin.workers", "1");
            survives(bundle, "PostgreSQL (postgres.url)", certificate -> {
                show(certificate);
                bundle.database().execute("select pg_reload_conf()");
                // a server's process reads the files when it is told that they have changed
                await().until(() -> {
                    bundle.database().disconnectAll();
                    return certificate.certificate().equals(ServerCertificate.of(postgres.port()));
                });
                bundle.database().disconnectAll();
            });
            assertEquals(
                    List.of("t"),
                    bundle.database()
                            .rows("select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)"
                                    + " where application_name = 'sequin-postgres-routes'"));
        } finally {
            folder.close();
        }
    }

    private String file(String name) {
        return folder.path().resolve(name).toString();
    }

    private void show(Issued certificate) throws Exception {
        Path key = Path.of(file("server.key"));
        if (!Files.exists(key)) {
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(key, certificate.keyPem());
        Files.writeString(Path.of(file("server.crt")), certificate.certificatePem());
    }
}
