package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProxyTest {
    @Test
    void withAUserOrWithout() {
        assertNull(HttpProxy.read(""));
        assertEquals(new HttpProxy("proxy.local", 3128, null, null), HttpProxy.read("http://proxy.local:3128/"));
        assertEquals(
                new HttpProxy("10.0.0.1", 8080, "me@x", "a:b/c"),
                HttpProxy.read("http://me%40x:a:b%2Fc@10.0.0.1:8080"));
        assertEquals(
                "10.0.0.1:8080",
                HttpProxy.read("http://me:s3cr3t@10.0.0.1:8080").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy:3128",
                "http://proxy",
                "https://me:s3cr3t@proxy:3128",
                "socks5://proxy:1080",
                "http://me:s3cr3t@proxy:3128/path",
                "http://me:s3cr3t@proxy:3128?x",
                "http://me:s3 cr3t@proxy:3128",
                "http://s3cr3t@proxy:3128"
            })
    void noPartOfAPasswordIsSaid(String value) {
        String problem = HttpProxy.problem(value);
        assertTrue(problem.startsWith("must be the URL of an HTTP proxy"), problem);
        assertFalse(problem.contains("s3"), problem);
    }
}
