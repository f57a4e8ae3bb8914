package io.github.sequinroutes.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file with certificates in PEM form, one after the other; what stands between them is for people. */
final class CertificateFile {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final Pattern CERTIFICATE =
            Pattern.compile(BEGIN + "(?<base64>.*?)(?:-----END CERTIFICATE-----|$(?![\\r\\n]))", Pattern.DOTALL);

    private CertificateFile() {}

    /** What is wrong with a file, in words for a person, or null if nothing is; an empty name is no file. */
    static String problem(String file) {
        try {
            read(file);
            return null;
        } catch (IllegalArgumentException e) {
            return "names a file that cannot be used: " + e.getMessage();
        }
    }

    /**
     * The certificates of a file; none if the name is empty.
     *
     * @throws IllegalArgumentException if there is something wrong with it: with its place, and what to do
     */
    static List<X509Certificate> read(String file) {
        if (file.isEmpty()) {
            return List.of();
        }
        String text = text(file);
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            long line =
                    text.substring(0, matcher.start()).lines().count() + (atLineStart(text, matcher.start()) ? 1 : 0);
            certificates.add(parse(matcher.group(), file + ":" + Math.max(1, line) + ":1"));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ":1:1: there is no certificate in PEM form, which begins with " + BEGIN
                            + "; write the authority's there (openssl x509 -inform der -in FILE makes PEM of one in DER form)");
        }
        return certificates;
    }

    private static boolean atLineStart(String text, int position) {
        return position == 0 || text.charAt(position - 1) == '\n';
    }

    private static X509Certificate parse(String pem, String place) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    place + ": the certificate that begins here cannot be read; copy it again, whole and unchanged", e);
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1); // one in DER form as well
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("it is no name of a file; give the path of one", e);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " is not there; give the path of a file with certificates", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read; let the user of this process read it ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }
}
