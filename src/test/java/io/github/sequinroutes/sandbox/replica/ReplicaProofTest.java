package io.github.sequinroutes.sandbox.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The proof sees what differs. */
class ReplicaProofTest {
    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Tag("long")
    @Test
    void aRowThatDiffersIsMissingOnBothSides() throws Exception {
        try (PostgresServer postgres = new PostgresServer();
                Connection source = postgres.connect()) {
            String table = "create table things (id int primary key, name text)";
            execute(source, table);
            execute(source, "insert into things values (1, 'a'), (2, null), (3, 'c')");
            execute(source, "create database replica");
            try (Connection replica = DriverManager.getConnection(postgres.url("replica"))) {
                execute(replica, table);
                ReplicaProof.prepare(replica, postgres.port(), "postgres");
                execute(replica, "insert into things values (1, 'a'), (2, null), (3, 'x'), (4, 'd')");
                assertEquals(List.of(new ReplicaProof.Result("public.things", 3, 1, 2)), ReplicaProof.compare(replica));
                execute(replica, "delete from things where id > 2");
                execute(source, "delete from things where id > 2");
                assertEquals(List.of(new ReplicaProof.Result("public.things", 2, 0, 0)), ReplicaProof.compare(replica));
            }
        }
    }
}
