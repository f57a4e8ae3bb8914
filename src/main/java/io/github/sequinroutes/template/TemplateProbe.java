package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Executes a template for variants of a record, to find out what makes it fail. */
public final class TemplateProbe {
    private static final List<String> ID = List.of("id");

    private final TemplateStatement statement;

    /** In which form a record is probed. */
    public enum Variant {
        /** As it is. */
        AS_IT_IS,
        /** Without its data, which then cannot make it fail. */
        WITHOUT_DATA,
        /** With an ID that no other record has: as if it were new. */
        WITH_ANOTHER_ID
    }

    /** Of this template. */
    public TemplateProbe(TemplateStatement statement) {
        this.statement = statement;
    }

    /** Executes it for a variant of a record. */
    public void execute(
            Connection connection, DescribedTemplate now, Message record, Variant variant, long timeoutMillis)
            throws SQLException {
        if (variant == Variant.AS_IT_IS) {
            statement.execute(connection, new RoundTrip(), now, List.of(record), Map.of(), timeoutMillis, Way.SINGLY);
        } else {
            run(connection, now, vary(record, statement.extractTexts(record, now), variant), timeoutMillis);
        }
    }

    /** Executes it for a record with NULL in place of the value at a path. */
    public void executeWithout(
            Connection connection, DescribedTemplate now, Message record, List<String> path, long timeoutMillis)
            throws SQLException {
        String[] texts = statement.extractTexts(record, now).clone();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = statement.template().paths().get(i).equals(path) ? null : texts[i];
        }
        run(connection, now, texts, timeoutMillis);
    }

    /** Executes it for the texts of its parameters; returns how many rows it has written. */
    public static int run(Connection connection, DescribedTemplate now, String[] texts, long timeoutMillis)
            throws SQLException {
        return new BatchExecution(connection, new RoundTrip(), timeoutMillis, Way.SINGLY)
                .run(now.sql(), Collections.singletonList(texts))[0];
    }

    /** The texts of a record's parameters in the form of a variant. */
    String[] vary(Message record, String[] texts, Variant variant) {
        return values(record).of(texts, variant);
    }

    private ProbedValues values(Message message) {
        String dataField = message.format().dataField();
        List<List<String>> keys = List.of(ID);
        if (dataField.equals(KeyPaths.RECORD)) {
            keys = statement.keyPaths().isEmpty() ? List.of(List.of(KeyPaths.RECORD, "id")) : statement.keyPaths();
        }
        return new ProbedValues(statement.template().paths(), dataField, keys);
    }
}
