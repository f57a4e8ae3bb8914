package io.github.sequinroutes.config;

import java.util.Arrays;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.GSSEncMode;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/** Finds values in a JDBC URL that the driver would refuse at each connection, which looks as if the server were away. */
final class JdbcUrl {
    private static final String HOST = "(?:[\\w.-]+|\\[[0-9A-Fa-f:.%]+])?(?::\\d{1,5})?";
    private static final Pattern FORM =
            Pattern.compile("jdbc:postgresql:(?://" + HOST + "(?:," + HOST + ")*(?:[/?]\\S*)?|[^/\\s]\\S*)");

    private JdbcUrl() {}

    /**
     * What is wrong with the URL, or null if nothing is. The URL is never in the message: the driver and the pool print one
     * that they cannot read, a password in it included.
     */
    static String problem(String url) {
        return FORM.matcher(url).matches()
                ? problemOfParameters(url)
                : "must be a JDBC URL such as jdbc:postgresql://localhost:5432/database, without user or password"
                        + " before the host";
    }

    private static String problemOfParameters(String url) {
        Properties parameters = Driver.parseURL(url, new Properties());
        if (parameters == null) {
            return "cannot be read by PostgreSQL's driver";
        }
        for (PGProperty property : PGProperty.values()) {
            String value = parameters.getProperty(property.getName());
            if (value != null && !isPossible(property, value)) {
                return "has a value that cannot be used for its parameter " + property.getName();
            }
        }
        try {
            SslMode.of(parameters);
            GSSEncMode.of(parameters);
        } catch (PSQLException e) {
            return "cannot be used: " + e.getMessage();
        }
        return null;
    }

    private static boolean isPossible(PGProperty property, String value) {
        String[] choices = property.getChoices();
        if (choices != null && Arrays.stream(choices).noneMatch(value::equalsIgnoreCase)) {
            return false;
        }
        // several hosts have several ports, which the driver has read by now
        String fallback = property == PGProperty.PG_PORT ? null : property.getDefaultValue();
        boolean number = fallback != null && fallback.matches("-?\\d+");
        return !number || value.matches("-?\\d{1,9}");
    }
}
