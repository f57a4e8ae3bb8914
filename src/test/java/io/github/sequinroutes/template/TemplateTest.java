package io.github.sequinroutes.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static Template template(String text) {
        return new Template("t.sql", text);
    }

    private static void assertSql(String expected, String text) {
        assertEquals(expected, template(text).sql());
    }

    private static void assertRefused(String expected, String text) {
        String message =
                assertThrows(TemplateException.class, () -> template(text)).getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    /** In a path a $ quotes nothing. */
    @Test
    void aPathWithDollarsHidesNoComment() {
        Template template = new Template("t.sql", "select :#data.$tag$ -- a comment\n, 1");
        assertEquals(
                List.of("-- a comment"),
                template.comments().stream().map(token -> token.text().strip()).toList());
    }

    /** As PostgreSQL has it, of files with the line ends of old. */
    @Test
    void aCommentEndsAtACarriageReturn() {
        assertEquals(
                List.of(List.of("id")), template("-- one\rselect :#id -- :#x\r").paths());
        assertSql("select  \r\n?", "select -- one\r\n:#id");
    }

    @Test
    void aPathIsDottedAndEachOccurrenceIsAParameter() {
        Template template = template("values (:#id, :#data.plan.id, :#items.0.id, :#id)");
        assertEquals("values (?, ?, ?, ?)", template.sql());
        assertEquals(
                List.of(List.of("id"), List.of("data", "plan", "id"), List.of("items", "0", "id"), List.of("id")),
                template.paths());
    }

    @Test
    void anyNameCanStandInQuotes() {
        Template template = template("values (:#data.\"First Name\", :#\"a.b\".c, :#data.\"say \"\"hi\"\"\", :#\"\")");
        assertEquals("values (?, ?, ?, ?)", template.sql());
        assertEquals(
                List.of(List.of("data", "First Name"), List.of("a.b", "c"), List.of("data", "say \"hi\""), List.of("")),
                template.paths());
    }

    @Test
    void namesHaveLettersOfAnyLanguageDigitsUnderscoreAndDollar() {
        Template template = template("values (:#data.größe_1, :#data.$ref, :#_x)");
        assertEquals(List.of(List.of("data", "größe_1"), List.of("data", "$ref"), List.of("_x")), template.paths());
    }

    @Test
    void aPathEndsWhereSqlContinues() {
        assertSql("select ?::text, ?||?, (?).x, ?-1, ?", "select :#a.b::text, :#a||:#b, (:#a).x, :#a-1, :#a");
        assertSql("select ?.", "select :#a.");
        assertSql("select x[1: ?], y[: ?]", "select x[1: :#a], y[: :#b]");
    }

    @Test
    void operatorsArePostgresqls() {
        assertSql(
                "select ? #>> '{a,b}', ? ?? 'k', ? ??| '{a}', ? ??& '{a}', ? #> '{a}', ? @?? '$.a'",
                "select :#a #>> '{a,b}', :#a ? 'k', :#a ?| '{a}', :#a ?& '{a}', :#a #> '{a}', :#a @? '$.a'");
        assertSql("select ?::jsonb::text", "select :#a::jsonb::text");
    }

    @Test
    void quotedTextIsLeftAlone() {
        for (String quoted : List.of(
                "':#x ? '' :#y'",
                "E'\\' :#x ?'",
                "e'\\\\'",
                "E''",
                "'\\'",
                "\":#x ? \"\" :#y\"",
                "$$ :#x ' ? $$",
                "$tag$ :#x $$ ? $other$ $tag$",
                "U&'\\0041 :#x'",
                "'/* :#x' || ' */ -- ?'")) {
            assertSql("select " + quoted + ", ?", "select " + quoted + ", :#id");
        }
    }

    @Test
    void theDriverFindsTheEndOfAnEscapeString() {
        assertSql("select e'it\\'s \\' :#x \\\\\\'', ?", "select e'it''s \\' :#x \\\\''', :#id");
    }

    @Test
    void aWordThatEndsWithEIsNoEscapeStringAndADollarInAWordNoQuote() {
        assertSql("select type'\\', ?", "select type'\\', :#id");
        assertSql("select a$b$c, ? as x$b$", "select a$b$c, :#id as x$b$");
    }

    @Test
    void quotedTextOverTwoLinesStaysOneText() {
        assertSql("select 'a'\n  'b', ?", "select 'a'\n  'b', :#id");
        assertSql("select 'a'  \n'b', ?", "select 'a' -- :#x\n'b', :#id");
    }

    @Test
    void commentsAreLeftOut() {
        assertSql("select  \n ?", "select -- it's :#x ? \"\n :#id");
        assertSql("select   ? ", "select /* :#x /* ' ? */ -- */ :#id--:#y");
        assertSql("select ? - - 1 * / 2", "select :#id - - 1 * / 2");
    }

    @Test
    void aSemicolonAndCommentsMayFollow() {
        assertSql("select ?", "select :#id;");
        assertSql("select ? \n \n ", "select :#id ;\n-- done;\n/* ;; */");
    }

    @Test
    void aSecondStatementIsRefused() {
        assertRefused("t.sql:1:12: a template is one statement", "select :#id;\n  select :#id");
        assertRefused("t.sql:1:12: a template is one statement", "select :#id;;");
    }

    @Test
    void aTemplateNeedsAPath() {
        for (String text : List.of("", "select 1", "-- id\nselect 'id'")) {
            assertRefused("t.sql:1:1: a template needs at least one path", text);
        }
        assertRefused("t.sql:1:1: a template needs at least one path, such as :#id; the file is empty", " \n");
        assertRefused(
                "t.sql:2:1: it has no where, so each message would delete every row of the table; compare the key with a"
                        + " path, as in where id = :#id",
                "-- all\nDelete from t");
        assertRefused(
                "t.sql:1:1: it has no where, so each message would update every row", "update t set deleted = true");
        assertRefused("t.sql:1:1: a template needs at least one path", "delete from t where id = 1");
        assertRefused(
                "t.sql:2:8: a template needs at least one path, such as :#id; ':#id' is none",
                "-- :#id\nselect ':#id'");
        assertRefused(
                "t.sql:1:15: a template needs at least one path, such as :#id; what stands in this comment is none: take it"
                        + " out of the comment",
                "delete from t -- where id = :#id");
        assertRefused(
                "t.sql:1:4: a template needs at least one path, such as :#id; what stands between the $$ is a text: write the"
                        + " statement in it alone",
                "do $$ begin delete from t where id = :#id; end $$");
        assertRefused("t.sql:1:8: a template needs at least one path, such as :#id; :id is none", "select :id, ?, a$1");
        assertRefused("t.sql:1:8: a template needs at least one path, such as :#id; ? is none", "select ?, a$1");
        assertRefused("t.sql:1:8: a template needs at least one path, such as :#id; $ is none", "select ${id}");
    }

    @Test
    void aNumberedParameterIsRefused() {
        assertRefused("t.sql:1:13: a value is named by its path, such as :#data.name", "select :#id,$1");
        assertSql("select ?, '$1', $x$ $1 $x$, a$1", "select :#id, '$1', $x$ $1 $x$, a$1");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertSql("select ?", "\uFEFFselect :#id");
        assertRefused("t.sql:1:1: a template needs at least one path", "\uFEFFselect 1");
    }

    @Test
    void whatIsNotClosedIsRefusedWhereItBegins() {
        assertRefused("t.sql:2:8: the string constant has no end", "select :#id,\n       'abc\n");
        assertRefused("t.sql:1:13: the string constant has no end", "select :#a, '");
        assertRefused("t.sql:1:13: the string constant has no end", "select :#a,E'\\'");
        assertRefused(
                "t.sql:1:12: a quote in a string constant is written twice: '' instead of \\'",
                "select 'isn\\'t', :#id, 'x'");
        assertRefused("t.sql:1:8: the quoted identifier has no end", "select \"a\"\", :#id");
        assertRefused("t.sql:1:18: the quoted identifier has no end", "select :#id.data.\"x");
        assertRefused("t.sql:3:1: the string constant quoted with $x$ has no end", "select :#id,\r\n\r\n$x$ $$ $X$");
        assertRefused("t.sql:2:2: this comment has no end", "select :#id\n\t/* /* */");
    }

    @Test
    void aPathNeedsAName() {
        assertRefused("t.sql:1:10: a path must follow ':#'", "select :# id");
        assertRefused("t.sql:3:5: a path must follow ':#'", "select :#id,\n\n  :#.id");
        assertRefused("t.sql:1:10: a path must follow ':#'", "select :#");
    }

    @Test
    void theServersPositionIsFoundInTheFile() {
        String text = "/* two\n lines */ select :#data.a, ü, '😀' ? :#id,\n  wrong -- 😀\n , :#id later";
        Template template = template(text);
        // as the server sees it, with its own parameters
        String atServer = "  select $1, ü, '😀' ? $2,\n  wrong  \n , $3 later";
        assertSql("  select ?, ü, '😀' ?? ?,\n  wrong  \n , ? later", text);
        assertEquals("t.sql:2:11: x", error(template, atServer, "select"));
        assertEquals("t.sql:2:18: x", error(template, atServer, "$1"));
        assertEquals("t.sql:2:38: x", error(template, atServer, "$2"));
        assertEquals("t.sql:3:3: x", error(template, atServer, "wrong"));
        assertEquals("t.sql:4:9: x", error(template, atServer, "later"));
        assertEquals("t.sql:1:1: x", template.error(0, "x").getMessage());
        assertEquals("t.sql:4:14: x", template.error(1000, "x").getMessage());
    }

    private static String error(Template template, String atServer, String at) {
        int position = atServer.codePointCount(0, atServer.indexOf(at)) + 1;
        return template.error(position, "x").getMessage();
    }

    @Test
    void aPathThatLeadsNowhereSaysWhichOneMayBeMeant() {
        Set<String> roots = Set.of("action", "record", "metadata");
        for (String[] each : new String[][] {
            {":#data.id", ":#record.id"},
            {":#id", ":#record.id"},
            {":#data.record.id", ":#record.id"},
            {":#data.metadata.commit_lsn", ":#metadata.commit_lsn"},
            {":#data.\"record\".\"a.b\"", ":#\"record\".\"a.b\""}
        }) {
            TemplateException error = assertThrows(
                    TemplateException.class, () -> template("select " + each[0]).requireRoots(roots));
            assertEquals(
                    "t.sql:1:8: " + each[0] + " leads nowhere: a message has action, metadata, record; did you mean "
                            + each[1] + "?",
                    error.getMessage());
        }
    }
}
