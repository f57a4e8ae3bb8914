package io.github.sequinroutes.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A private authority, which issues certificates of servers: X.509 in DER, as far as these need it. */
final class TestAuthority {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final int OID = 0x06;
    private static final int DNS_NAME = 0x82;
    private static final byte[] ECDSA_WITH_SHA256 = der(SEQUENCE, der(OID, hex("2a8648ce3d040302")));
    private static final byte[] BASIC_CONSTRAINTS = der(OID, hex("551d13"));
    private static final byte[] ALTERNATIVE_NAME = der(OID, hex("551d11"));
    private static final byte[] COMMON_NAME = der(OID, hex("550403"));

    private final String name;
    private final KeyPair keys = keys();
    private final X509Certificate certificate;

    /** The certificate of a server, and its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {
        String certificatePem() throws GeneralSecurityException {
            return pem("CERTIFICATE", certificate.getEncoded());
        }

        String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** For a server that shows it. */
        SSLContext context() throws Exception {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        }
    }

    TestAuthority(String name) throws GeneralSecurityException {
        this.name = name;
        byte[] isAuthority = der(SEQUENCE, der(0x01, hex("ff")));
        certificate = sign(name, keys, Instant.now().plusSeconds(86_400), BASIC_CONSTRAINTS, isAuthority);
    }

    /** What those who trust it have in a file. */
    String pem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /** A certificate for a host, valid until then. */
    Issued issue(String host, Instant until) throws GeneralSecurityException {
        KeyPair server = keys();
        byte[] names = der(SEQUENCE, der(DNS_NAME, host.getBytes(US_ASCII)));
        return new Issued(sign("server", server, until, ALTERNATIVE_NAME, names), server.getPrivate());
    }

    private X509Certificate sign(String subject, KeyPair of, Instant until, byte[] extension, byte[] value)
            throws GeneralSecurityException {
        byte[] validity = der(
                SEQUENCE, time(until.minusSeconds(365 * 86_400)), time(until)); // one that has expired was valid once
        byte[] content = der(
                SEQUENCE,
                der(0xa0, der(0x02, hex("02"))),
                der(0x02, BigInteger.valueOf(SERIAL.incrementAndGet()).toByteArray()),
                ECDSA_WITH_SHA256,
                name(name),
                validity,
                name(subject),
                of.getPublic().getEncoded(),
                der(0xa3, der(SEQUENCE, der(SEQUENCE, extension, der(OCTETS, value)))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] whole = der(SEQUENCE, content, ECDSA_WITH_SHA256, der(0x03, hex("00"), signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static byte[] name(String common) {
        return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(0x0c, common.getBytes(US_ASCII)))));
    }

    private static byte[] time(Instant instant) {
        return der(0x18, TIME.format(instant).getBytes(US_ASCII));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** A value with its tag and its length. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x80) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 + digits.length - from);
            out.write(digits, from, digits.length - from);
        } else {
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(type, Base64.getMimeEncoder().encodeToString(bytes));
    }
}
