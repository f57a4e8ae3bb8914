package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
    @ParameterizedTest
    @CsvSource({
        "postgres://me:s3cr3t@db.local:5433/shop, db.local:5433/shop",
        "postgresql://me:s3cr3t@db.local/shop, db.local/shop",
        "postgresql://db.local/shop, db.local/shop",
        "postgres://me:s3cr3t@db.local:5433/shop?sslmode=require, db.local:5433/shop?sslmode=require",
        "postgres://me:s3cr3t@db.local/shop?sslmode=disable&password=x&application_name=a, db.local/shop?sslmode=disable&application_name=a",
        "postgres://me:s3cr3t@db.local:5433/shop/, db.local:5433/shop",
        "jdbc:postgresql://me:s3cr3t@db.local/shop, db.local/shop",
        "jdbc:postgres://db.local/shop, db.local/shop"
    })
    void aUrlOfLibpqIsShownAsOneOfJdbc(String url, String place) {
        assertEquals(
                "must be a JDBC URL such as jdbc:postgresql://" + place
                        + ", without user or password before the host: the"
                        + " user goes into postgres.user, the password into postgres.password",
                JdbcUrl.problem(url));
    }

    /** A password may have characters that look as if they ended it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://me:12/s3cr3t@db/shop",
                "postgres://me:12/s3cr3t?@db/shop",
                "postgres://s3cr3t/s3cr3t#x@db/shop",
                "postgres://me:a@s3cr3t/s3cr3t@db/shop",
                "postgres://me:x@db/shop?password=a@s3cr3t/s3cr3t",
                "postgres://db/shop?password=s3cr3t",
                "postgres://me:s3cr3t@db",
                "postgres://me:s3cr3t",
                "s3cr3t"
            })
    void noPartOfAPasswordIsSaid(String url) {
        String problem = JdbcUrl.problem(url);
        assertTrue(problem.startsWith("must be a JDBC URL such as jdbc:postgresql://"), problem);
        assertFalse(problem.contains("s3cr3t"), problem);
    }

    @Test
    void aJdbcUrlIsRight() {
        assertNull(JdbcUrl.problem("jdbc:postgresql://localhost:5432/shop?user=me"));
    }
}
