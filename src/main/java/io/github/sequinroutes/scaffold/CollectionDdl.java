package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import java.util.Set;

/** The DDL of a new table. */
final class CollectionDdl {
    private final CollectionTable table;
    private final Identifiers identifiers;

    CollectionDdl(CollectionTable table, Identifiers identifiers) {
        this.table = table;
        this.identifiers = identifiers;
    }

    /** Creates the table, its indexes, and its schema unless it is one of {@code given}, which are SQL. */
    String create(String collection, Set<String> given) {
        String schema = identifiers.sql(table.schema());
        String name = schema + "." + identifiers.sql(table.table());
        StringBuilder ddl = new StringBuilder("-- The table of ")
                .append(Printable.line(collection))
                .append(
                        ": change it as you like, together with the template. A deletion needs the columns that may be null.\n");
        if (!given.contains(schema)) {
            ddl.append("create schema if not exists ").append(schema).append(";\n");
        }
        ddl.append("\ncreate table if not exists ").append(name).append(" (\n");
        for (int i = 0; i < table.columns().size(); i++) {
            TableColumn column = table.columns().get(i);
            ddl.append("  ").append(identifiers.sql(column.name())).append(' ').append(column.definition());
            ddl.append(i < table.columns().size() - 1 ? "," : "");
            ddl.append(column.note() == null ? "" : " -- " + column.note()).append('\n');
        }
        ddl.append(");\n");
        for (TableColumn column : table.columns()) {
            if (column.isIndexed()) {
                String index = Identifiers.with(table.schema() + "_" + table.table() + "_" + column.name(), "_idx");
                ddl.append("create index if not exists %s on %s (%s);%n"
                        .formatted(identifiers.sql(index), name, identifiers.sql(column.name())));
            }
        }
        return ddl.toString();
    }
}
