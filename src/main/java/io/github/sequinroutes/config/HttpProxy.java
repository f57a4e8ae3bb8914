package io.github.sequinroutes.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * An HTTP proxy in front of Sequin.
 *
 * @param host     its name or address
 * @param port     its port
 * @param user     whom it knows, or null if it asks nobody
 * @param password that user's, or null
 */
public record HttpProxy(String host, int port, String user, String password) {
    private static final String FORM =
            "must be the URL of an HTTP proxy, http://proxy:3128 or http://user:password@proxy:3128"
                    + ", with what is special in a password written as %40";

    /** What is wrong with a value, in words for a person and without the value, which may hold a password; null if nothing is. */
    static String problem(String value) {
        try {
            read(value);
            return null;
        } catch (IllegalArgumentException e) {
            return FORM;
        }
    }

    /** Reads a value; null if it is empty. */
    static HttpProxy read(String value) {
        if (value.isEmpty()) {
            return null;
        }
        URI url;
        try {
            url = new URI(value);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(FORM); // the cause would quote the value
        }
        boolean isPlain = (url.getRawPath() + url.getRawQuery() + url.getRawFragment()).matches("/?nullnull");
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1 || !isPlain) {
            throw new IllegalArgumentException(FORM);
        }
        String user = url.getUserInfo();
        int colon = user == null ? -1 : url.getRawUserInfo().indexOf(':');
        if (user != null && colon < 1) {
            throw new IllegalArgumentException(FORM);
        }
        return user == null
                ? new HttpProxy(url.getHost(), url.getPort(), null, null)
                : new HttpProxy(
                        url.getHost(),
                        url.getPort(),
                        decoded(url.getRawUserInfo().substring(0, colon)),
                        decoded(url.getRawUserInfo().substring(colon + 1)));
    }

    private static String decoded(String part) {
        return URI.create("http://" + part + "@host").getUserInfo();
    }

    /** Without the user and the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
