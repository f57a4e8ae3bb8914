package io.github.sequinroutes.sandbox.replication;

import java.util.List;

/**
 * A table as pgoutput describes it before its first change, and again whenever it is altered.
 *
 * @param oid its OID
 * @param schema its schema
 * @param table its name
 * @param hasFullIdentity whether old rows come whole ({@code replica identity full})
 * @param columns its columns in their order, generated ones left out
 */
public record Relation(int oid, String schema, String table, boolean hasFullIdentity, List<Column> columns) {
    /**
     * A column.
     *
     * @param name its name
     * @param type the OID of its type
     * @param isKey whether it is part of the replica identity: with a full one each is
     */
    public record Column(String name, int type, boolean isKey) {}

    /** Schema and table, as the Stream API's collection IDs have it. */
    public String qualifiedName() {
        return schema + "." + table;
    }
}
