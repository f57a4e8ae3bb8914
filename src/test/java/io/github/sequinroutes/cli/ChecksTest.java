package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Keys;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
    /** The needed keys, and one more, or another value of one. */
    private static Settings with(String key, String value) {
        Properties file = new Properties();
        file.setProperty("sequin.url", "http://localhost:7376");
        file.setProperty("sequin.consumer", "consumer");
        file.setProperty("postgres.url", "jdbc:postgresql://localhost:5432/test");
        file.setProperty(key, value);
        return new Settings(file, variable -> null, new Properties());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequin.url | ftp://localhost
            sequin.url | http://
            sequin.url | http://localhost//
            sequin.url | http://user:pa55@localhost
            sequin.url | http://localhost?x=1
            sequin.url | http://a b
            sequin.api | Consume
            sequin.consumer | a/b
            sequin.consumer | a?b=c
            sequin.consumer | {{x}}
            sequin.token | a b
            sequin.token | ü
            sequin.batch-size | 0
            sequin.batch-size | 1001
            sequin.batch-size | -1
            sequin.batch-size | 1e2
            sequin.batch-size | 99999999999
            sequin.workers | 0
            sequin.workers | 65
            sequin.workers | two
            sequin.wait-for | -1s
            sequin.wait-for | 31s
            sequin.wait-for | soon
            sequin.wait-for | 5 parsecs
            sequin.wait-for | 99999999999999999999
            sequin.ack-wait | 499ms
            sequin.ack-wait | 25h
            sequin.ack-wait | 1000
            sequin.ledger-retention | 7
            sequin.dead-letter-retention | 30
            sequin.ignore | acme:order, acme:*
            sequin.schedule | hourly
            sequin.schedule | * * * * *
            sequin.routes | nowhere
            sequin.migrate | yes
            postgres.url | postgres://localhost/x
            postgres.url | jdbc:postgresql:
            postgres.url | jdbc:postgresql://me:pa55@localhost/x
            postgres.url | jdbc:postgresql://localhost:port/x
            """)
    void isRefused(String key, String value) {
        SettingsException e = assertThrows(SettingsException.class, () -> with(key, value));
        assertEquals(2, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains("  " + key + " "), e.getMessage());
        assertFalse(e.getMessage().contains("pa55"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"consume, 1ms, true", "stream, 0, true", "stream, 499ms, false", "stream, 500ms, true"})
    void theStreamApiRefusesAShortWait(String api, String wait, boolean valid) {
        Properties file = new Properties();
        file.setProperty("sequin.url", "http://localhost:7376");
        file.setProperty("sequin.consumer", "consumer");
        file.setProperty("postgres.url", "jdbc:postgresql://localhost:5432/test");
        file.setProperty("sequin.api", api);
        file.setProperty("sequin.wait-for", wait);
        if (valid) {
            assertEquals(
                    1,
                    new Settings(file, variable -> null, new Properties())
                            .bundles()
                            .size());
            return;
        }
        SettingsException e =
                assertThrows(SettingsException.class, () -> new Settings(file, variable -> null, new Properties()));
        assertTrue(
                e.getMessage()
                        .contains("  sequin.wait-for must be 0 or at least 500 ms with sequin.api=stream, not '499ms'"),
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequin.url | https://sequin.example.com/base
            sequin.url | http://[::1]:7376
            sequin.consumer | 0b0c7a52-5d0e-4a58_a.b~c
            sequin.token | tok+en/S3cr3t=
            sequin.batch-size | 1
            sequin.batch-size | ' 1000 '
            sequin.workers | 64
            sequin.wait-for | 0
            sequin.wait-for | 500ms
            sequin.wait-for | 30s
            sequin.ack-wait | 24h
            sequin.schedule | 0 0/5 * * * ?
            sequin.migrate | false
            postgres.url | jdbc:postgresql:test
            postgres.url | jdbc:postgresql://localhost/x?sslmode=require
            postgres.url | jdbc:postgresql://[::1]:5432,b.example.com/x
            postgres.url | jdbc:postgresql:///x
            postgres.password | pa55 w0rd!
            """)
    void isAccepted(String key, String value) {
        ConfiguredBundle bundle = with(key, value).bundles().get(0);
        Map<String, String> read = new HashMap<>();
        Keys.ALL.forEach(
                known -> read.put("sequin." + known.name(), bundle.config().text(known)));
        read.put("postgres.url", bundle.pool().url());
        read.put("postgres.password", bundle.pool().password().get());
        assertEquals(value.strip(), read.get(key));
    }
}
