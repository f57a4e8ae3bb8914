package io.github.sequinroutes.failure;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Says what is wrong with an encrypted connection, at which end, and what to do. */
final class TlsFailures {
    /** An end of the bundle: what it is called, the key that says where it is, and where to name an authority to trust. */
    enum End {
        SEQUIN("Sequin", "sequin.url", "the file of ", "sequin.ca-file"),
        POSTGRES("PostgreSQL", "postgres.url", "the file of the parameter sslrootcert of ", "postgres.url");

        private final String server;
        private final String key;
        private final String authorities;
        private final String keyOfAuthorities;

        End(String server, String key, String authorities, String keyOfAuthorities) {
            this.server = server;
            this.key = key;
            this.authorities = authorities;
            this.keyOfAuthorities = keyOfAuthorities;
        }
    }

    private TlsFailures() {}

    /** What a failure says of the encryption, in words for a person; null if it is another one. */
    static String describe(Throwable failure, End end, UnaryOperator<String> keys) {
        SSLException tls = find(failure, SSLException.class);
        boolean isOtherHost = find(failure, SSLPeerUnverifiedException.class) != null || isRefusedByTheDriver(failure);
        if (tls == null && !isOtherHost) {
            return null;
        }
        String key = keys.apply(end.key);
        String certificate = "The certificate of " + end.server + " (" + key + ") ";
        if (find(failure, CertificateExpiredException.class) != null) {
            return certificate + "has expired; have it renewed on the server";
        }
        if (find(failure, CertificateNotYetValidException.class) != null) {
            return certificate + "is not valid yet; compare the clocks of both machines";
        }
        if (find(failure, CertPathBuilderException.class) != null) {
            return certificate + "is from an authority that is not trusted; write that authority's certificate into "
                    + end.authorities + keys.apply(end.keyOfAuthorities);
        }
        if (isOtherHost || isOfAnotherHost(failure)) {
            return certificate + "is for another host; name the host in " + key
                    + " as the certificate does, or have one issued for that name";
        }
        return "The encrypted connection to " + end.server + " (" + key
                + ") cannot be made; does a server with TLS listen" + " there? ("
                + Printable.line(String.valueOf(tls.getMessage())) + ")";
    }

    /** The driver's own check of the name has no cause, and a text in the language of the machine. */
    private static boolean isRefusedByTheDriver(Throwable failure) {
        SQLException sql = find(failure, SQLException.class);
        return sql != null && String.valueOf(sql.getMessage()).contains("HostnameVerifier");
    }

    /** The JVM says so in a text alone: with each other reason there is a cause of its own. */
    private static boolean isOfAnotherHost(Throwable failure) {
        CertificateException refusal = find(failure, CertificateException.class);
        return refusal != null && String.valueOf(refusal.getMessage()).startsWith("No ");
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
