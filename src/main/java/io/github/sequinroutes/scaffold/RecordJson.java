package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON of which only the shape matters; numbers keep their digits. */
public final class RecordJson {
    private static final int MAX_DIGITS = 200_000;
    private static final int MAX_DEPTH = 10_000;

    /** Reads the longest values that a record may have. */
    public static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(MAX_DIGITS)
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private RecordJson() {}

    /** The names of an object's fields. */
    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What a parser found, in one line and without its place. */
    static String problem(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
    }
}
