package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A template as the server has described it: for certain types of its parameters. */
public final class DescribedTemplate {
    private final String types;
    private final String sql;
    private final RecordPaths paths;
    private final TemplateShape shape;
    private final RowKeys keys;
    private final SetStatement set;
    private final TablesStamp stamp;

    private DescribedTemplate(
            String types,
            String sql,
            RecordPaths paths,
            TemplateShape shape,
            RowKeys keys,
            SetStatement set,
            TablesStamp stamp) {
        this.types = types;
        this.sql = sql;
        this.paths = paths;
        this.shape = shape;
        this.keys = keys;
        this.set = set;
        this.stamp = stamp;
    }

    /** A template for these types; {@code shape} is what its text tells, or null. */
    static DescribedTemplate of(Connection connection, Template template, TemplateShape shape, ParameterTypes types)
            throws SQLException {
        // what the driver keeps prepared it finds by its text: for other types it must be another one
        String mark = "\n/* " + Integer.toHexString(types.fingerprint().hashCode()) + " */";
        TemplateShape whole =
                shape != null && shape.needsLookUp() ? new ShapeLookUp(connection).complete(shape) : shape;
        ParameterKind[] kinds = types.kinds();
        return new DescribedTemplate(
                types.fingerprint(),
                template.sql() + mark,
                new RecordPaths(template.paths(), kinds),
                whole,
                keys(template, KeyPaths.parametersOf(template, whole), kinds),
                SetStatement.of(connection, template, shape, kinds, mark),
                TablesStamp.of(connection, template));
    }

    private static RowKeys keys(Template template, List<Integer> parameters, ParameterKind[] kinds) {
        return new RowKeys(
                parameters.stream().map(template.paths()::get).toList(),
                parameters.stream().map(parameter -> kinds[parameter]).toArray(ParameterKind[]::new));
    }

    /** Whether it is for these. */
    boolean isOf(ParameterTypes others) {
        return types.equals(others.fingerprint());
    }

    /** Has the server tell whether it still holds, in the transaction that relies on it. */
    void checkIn(RoundTrip trip) {
        stamp.checkIn(trip);
    }

    /** Whether it runs code of the user's own: functions that may read a table, or triggers. */
    boolean hasOwnCode() {
        return stamp.hasOwnCode();
    }

    /** Whether there is one statement for many records. */
    boolean isSet() {
        return set != null;
    }

    /** The statement for many records, or null. */
    SetStatement set() {
        return set;
    }

    /** The statement. */
    String sql() {
        return sql;
    }

    /** Where a record has its values. */
    RecordPaths paths() {
        return paths;
    }

    /** The template's shape with all columns, or null. */
    TemplateShape shape() {
        return shape;
    }

    /** The keys of its rows. */
    RowKeys keys() {
        return keys;
    }
}
