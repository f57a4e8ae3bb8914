package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFileTest {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "\n-----END CERTIFICATE-----\n";

    @TempDir
    private Path folder;

    /** One that every JVM has. */
    private static X509Certificate anyAuthority() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    }

    private static String pem() throws Exception {
        return BEGIN + Base64.getMimeEncoder().encodeToString(anyAuthority().getEncoded()) + END;
    }

    private String file(String text) throws Exception {
        return Files.writeString(folder.resolve("ca.pem"), text).toString();
    }

    @Test
    void oneOrSeveralWithNotesBetweenThem() throws Exception {
        assertEquals(List.of(anyAuthority()), CertificateFile.read(file(pem())));
        assertEquals(
                List.of(anyAuthority(), anyAuthority()),
                CertificateFile.read(file("# ours\r\n" + pem() + "\n# theirs\n" + pem())));
        assertNull(CertificateFile.problem(""));
    }

    @Test
    void whatIsWrongHasAPlaceAndARemedy() throws Exception {
        assertProblem("/nowhere/ca.pem is not there; give the path", "/nowhere/ca.pem");
        assertProblem(folder + " cannot be read; let the user of this process read it", folder.toString());
        assertProblem("ca.pem:1:1: there is no certificate in PEM form", file(""));
        assertProblem("ca.pem:1:1: there is no certificate in PEM form", file("-----BEGIN PRIVATE KEY-----\nAAAA\n"));
        int next = pem().split("\n", -1).length;
        assertProblem(
                "ca.pem:" + next + ":1: the certificate that begins here cannot be read; copy it again",
                file(pem() + BEGIN + "AAAA" + END));
        assertProblem("ca.pem:2:1: the certificate that begins here", file("note\n" + pem().replace(END, "")));
        Path der = Files.write(folder.resolve("ca.der"), anyAuthority().getEncoded());
        assertProblem("ca.der:1:1: there is no certificate in PEM form", der.toString());
    }

    private static void assertProblem(String expected, String file) {
        String problem = CertificateFile.problem(file);
        assertTrue(problem.startsWith("names a file that cannot be used: ") && problem.contains(expected), problem);
    }
}
