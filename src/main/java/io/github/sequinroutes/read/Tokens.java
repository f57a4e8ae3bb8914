package io.github.sequinroutes.read;

import java.util.List;
import java.util.Map;

/** Tokens that are acked, or given back, in one call. */
public final class Tokens {
    private final List<String> tokens;

    /** These, of one consumer. */
    public Tokens(List<String> tokens) {
        this.tokens = tokens;
    }

    /** How many there are. */
    public int getSize() {
        return tokens.size();
    }

    /** The request's body, to be written as JSON. */
    public Map<String, List<String>> getRequest() {
        return Map.of("ack_tokens", tokens);
    }

    /** The two halves of them. */
    public List<Tokens> getHalves() {
        int middle = tokens.size() / 2;
        return List.of(new Tokens(tokens.subList(0, middle)), new Tokens(tokens.subList(middle, tokens.size())));
    }
}
