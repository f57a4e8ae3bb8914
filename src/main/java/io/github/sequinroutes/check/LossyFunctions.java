package io.github.sequinroutes.check;

import java.util.Set;
import net.sf.jsqlparser.expression.Expression;

/** Functions and operators of PostgreSQL that have the same result for several values. */
final class LossyFunctions {
    /** Of these, two different values can have the same result. */
    private static final Set<String> LOSSY = Set.of("""
            left right substr substring split_part overlay date_trunc date_part extract abs round floor ceil ceiling
            trunc % / & | regexp_replace regexp_substr regexp_match soundex""".split("\\s+", -1));
    /** Of these, many have. */
    private static final Set<String> COARSE = Set.of("""
            length char_length character_length octet_length bit_length sign position strpos ascii mod hashtext
            hashtextextended starts_with regexp_like regexp_count regexp_instr greatest least""".split("\\s+", -1));

    private LossyFunctions() {}

    /** Whether a function is one. */
    static boolean is(String name) {
        return LOSSY.contains(name) || COARSE.contains(name);
    }

    /** Whether there are some in an expression. */
    static boolean areIn(Expression part) {
        return Mentions.of(part).functions().stream().anyMatch(LOSSY::contains);
    }

    /** Whether there are some in an expression that have the same result for many values. */
    static boolean areCoarseIn(Expression part) {
        return Mentions.of(part).functions().stream().anyMatch(COARSE::contains);
    }
}
