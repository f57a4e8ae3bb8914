package io.github.sequinroutes.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** How libpq's URLs begin, and those that are neither its nor JDBC's. */
    private static final Pattern LIBPQ = Pattern.compile("(?:jdbc:)?postgres(?:ql)?://");

    /** Host, port and database of one, unless a character before or behind them makes it uncertain where they begin. */
    private static final Pattern PLACE_OF_LIBPQ =
            Pattern.compile(LIBPQ.pattern() + "(?:[^@/?#]*@)?([A-Za-z0-9.-]+(?::\\d{1,5})?/[\\w-]+)/?(\\?[^@]*)?");

    /** What libpq and JDBC have in common, and is no secret. */
    private static final Pattern PARAMETER = Pattern.compile(
            "sslmode=(?:disable|allow|prefer|require|verify-ca|verify-full)|application_name=[\\w-]{1,63}");

    private JdbcUrl() {}

    /**
     * What is wrong with the URL, or null if nothing is. The URL is never in the message: the driver and the pool print one
     * that they cannot read, a password in it included.
     */
    static String problem(String url) {
        return FORM.matcher(url).matches()
                ? problemOfParameters(url)
                : "must be a JDBC URL such as " + jdbcForm(url) + ", without user or password before the host"
                        + (LIBPQ.matcher(url).lookingAt()
                                ? ": the user goes into postgres.user, the password into postgres.password"
                                : "");
    }

    /** The same place as a JDBC URL, as far as it is certain that no part of a password is in it; else an example. */
    private static String jdbcForm(String url) {
        Matcher libpq = PLACE_OF_LIBPQ.matcher(url);
        if (!libpq.matches()) {
            return "jdbc:postgresql://localhost:5432/database";
        }
        String parameters = libpq.group(2) == null ? "" : libpq.group(2).substring(1);
        String common = Stream.of(parameters.split("&"))
                .filter(parameter -> PARAMETER.matcher(parameter).matches())
                .collect(Collectors.joining("&"));
        return "jdbc:postgresql://" + libpq.group(1) + (common.isEmpty() ? "" : "?" + common);
    }

    private static String problemOfParameters(String url) {
        Properties parameters = Driver.parseURL(url, new Properties());
        if (parameters == null) {
            return "cannot be read by PostgreSQL's driver";
        }
        for (PGProperty property : PGProperty.values()) {
            String value = parameters.getProperty(property.getName());
            if (value != null && !isPossible(property, value)) {
                return "has a value that cannot be used for its parameter " + property.getName()
                        + (property.getChoices() == null ? "" : "; write " + String.join(", ", property.getChoices()));
            }
        }
        String authorities = parameters.getProperty(PGProperty.SSL_ROOT_CERT.getName());
        if (authorities != null && !PGProperty.SSL_FACTORY.isPresent(parameters) && !isReadable(authorities)) {
            return "names a file that is not there, or cannot be read, in its parameter sslrootcert; give the path of a"
                    + " file with certificates";
        }
        try {
            SslMode.of(parameters);
            GSSEncMode.of(parameters);
        } catch (PSQLException e) {
            return "cannot be used: " + e.getMessage();
        }
        return null;
    }

    /**
     * What is wrong with the keys beside a URL that has a user or a password itself, or null if nothing is: the driver takes
     * the URL's, and whoever changes the key, or the file with the password, would wonder why that is to no effect.
     *
     * @param user        what a key says, or empty
     * @param password    the same
     * @param hasFile     whether a key names a file with the password, which may become another one
     * @param keyOf       what a key is called
     */
    static String contradiction(
            String url, String user, String password, boolean hasFile, UnaryOperator<String> keyOf) {
        Properties parameters = FORM.matcher(url).matches() ? Driver.parseURL(url, new Properties()) : null;
        if (parameters == null) {
            return null;
        }
        List<PGProperty> given = new ArrayList<>();
        if (isAnother(PGProperty.USER.getOrDefault(parameters), user)) {
            given.add(PGProperty.USER);
        }
        String own = PGProperty.PASSWORD.getOrDefault(parameters);
        if (isAnother(own, password) || (own != null && hasFile)) {
            given.add(PGProperty.PASSWORD);
        }
        boolean isOne = given.size() == 1;
        String names = given.stream().map(PGProperty::getName).collect(Collectors.joining(" and "));
        String keys = given.stream()
                .map(property -> keyOf.apply("postgres." + property.getName()))
                .collect(Collectors.joining(" and "));
        return given.isEmpty()
                ? null
                : "has the parameter" + (isOne ? " " : "s ") + names + ", which " + (isOne ? "counts" : "count")
                        + " more than " + keys + "; take " + (isOne ? "it" : "them") + " out of it";
    }

    private static boolean isAnother(String own, String ofKey) {
        return own != null && !ofKey.isEmpty() && !ofKey.equals(own);
    }

    private static boolean isReadable(String file) {
        try {
            return Files.isReadable(Path.of(file));
        } catch (InvalidPathException e) {
            return false;
        }
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
