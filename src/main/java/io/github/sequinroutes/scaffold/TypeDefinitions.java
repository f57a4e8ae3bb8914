package io.github.sequinroutes.scaffold;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The definitions of the types of one table's columns, and of what these are made of, each after those that it needs. Without
 * the checks of domains: the source has checked its values, and their functions may not be in the target.
 */
final class TypeDefinitions {
    // pg_range has no multiranges before PostgreSQL 14, and one belongs to its range: found by its definition
    private static final String TYPE = """
            select t.typtype, t.typelem, t.typbasetype, n.nspname, quote_ident(n.nspname) as schema,
              format_type(t.oid, null) as name,
              format_type(t.typbasetype, t.typtypmod) as base, r.rngsubtype, format_type(r.rngsubtype, null) as subtype,
              t.typtype = 'b' and t.typcategory = 'A' as is_array, c.relkind,
              quote_ident(e.extname) as extension, quote_ident(x.nspname) as home,
              (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum
                where enumtypid = t.oid) as labels,
              (select string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
                from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped) as attributes,
              array(select atttypid::bigint from pg_attribute where attrelid = t.typrelid and attnum > 0
                and not attisdropped order by attnum) as parts
            from pg_type t
            join pg_namespace n on n.oid = t.typnamespace
            left join pg_range r on r.rngtypid = t.oid
            left join pg_class c on c.oid = t.typrelid
            left join pg_depend d on d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
            left join pg_extension e on e.oid = d.refobjid
            left join pg_namespace x on x.oid = e.extnamespace
            where t.oid = cast(? as oid)""";

    private final Connection source;
    private final Set<Long> known = new HashSet<>();
    private final Set<String> schemas = new LinkedHashSet<>();
    private final List<String> statements = new ArrayList<>();

    TypeDefinitions(Connection source) {
        this.source = source;
    }

    /** The schemas of these types, as SQL. */
    Set<String> schemas() {
        return schemas;
    }

    /** The statements that create them, unless they are there. */
    List<String> statements() {
        return statements;
    }

    /** Adds a type and what it is made of. */
    void add(long type) throws SQLException, UnsupportedTypeException {
        if (type == 0 || !known.add(type)) {
            return;
        }
        try (PreparedStatement statement = source.prepareStatement(TYPE)) {
            statement.setLong(1, type);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    add(row);
                }
            }
        }
    }

    private void add(ResultSet type) throws SQLException, UnsupportedTypeException {
        String name = type.getString("name");
        if (type.getString("extension") != null) {
            schemas.add(type.getString("home"));
            statements.add("create extension if not exists %s with schema %s;"
                    .formatted(type.getString("extension"), type.getString("home")));
        } else if (type.getBoolean("is_array")) {
            add(type.getLong("typelem"));
        } else if (!type.getString("nspname").equals("pg_catalog")) {
            schemas.add(type.getString("schema"));
            String definition =
                    switch (type.getString("typtype")) {
                        case "e" -> "type " + name + " as enum (" + type.getString("labels") + ")";
                        case "d" -> {
                            add(type.getLong("typbasetype"));
                            yield "domain " + name + " as " + type.getString("base");
                        }
                        case "c" -> composite(type, name);
                        case "r" -> {
                            add(type.getLong("rngsubtype"));
                            yield "type " + name + " as range (subtype = " + type.getString("subtype") + ")";
                        }
                        default ->
                            throw new UnsupportedTypeException(
                                    "the type " + name + " is not an enum, a domain,"
                                            + " a composite, a range or an extension's; create it and the table in the target yourself");
                    };
            statements.add(unlessThere(definition));
        }
    }

    private String composite(ResultSet type, String name) throws SQLException, UnsupportedTypeException {
        if (!"c".equals(type.getString("relkind"))) {
            throw new UnsupportedTypeException("the type " + name
                    + " is the row of another table; create that and this table in the target yourself");
        }
        for (Object part : (Object[]) type.getArray("parts").getArray()) {
            add((Long) part);
        }
        String attributes = type.getString("attributes");
        return "type " + name + " as (" + (attributes == null ? "" : attributes) + ")";
    }

    /** PostgreSQL has no {@code create type if not exists}. */
    private static String unlessThere(String definition) {
        String tag = "$$";
        while (definition.contains(tag)) {
            tag = "$x" + tag.substring(1);
        }
        return "do " + tag + " begin\n  create " + definition
                + ";\nexception when duplicate_object then null; -- it is there\nend " + tag + ";";
    }
}
