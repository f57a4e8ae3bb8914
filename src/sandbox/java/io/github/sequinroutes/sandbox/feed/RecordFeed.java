package io.github.sequinroutes.sandbox.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.sandbox.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes records as JSON, one a line, and offers them. A line that is none stops no other. Thread-safe if its taker is. */
public final class RecordFeed {
    /** Numbers keep their digits. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Taker taker;

    /** What takes records. */
    public interface Taker {
        /**
         * Offers a record, or a message as the API delivers it.
         *
         * @throws BadRecordException if it is neither
         */
        void take(ObjectNode record) throws BadRecordException;
    }

    /** A line that was not taken, counted from 1, and why. */
    public record Refusal(int line, String error) {}

    /** How many records were taken, and what was not. */
    public record Result(int accepted, List<Refusal> refused) {}

    /** To that taker. */
    public RecordFeed(Taker taker) {
        this.taker = taker;
    }

    /** Takes lines, of which the first has that number; blank ones are skipped. */
    public Result offer(List<String> lines, int firstLine) {
        int accepted = 0;
        List<Refusal> refused = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replace("\uFEFF", "");
            if (line.isBlank()) {
                continue;
            }
            try {
                taker.take(object(line));
                accepted++;
            } catch (BadRecordException e) {
                refused.add(new Refusal(firstLine + i, e.getMessage()));
            }
        }
        return new Result(accepted, refused);
    }

    /** Takes the lines of a request's body, and says in JSON what has become of them: 200 if all were taken, else 400. */
    public Response respond(byte[] body) {
        Result result = offer(List.of(new String(body, StandardCharsets.UTF_8).split("\n", -1)), 1);
        ObjectNode response = JSON.createObjectNode().put("accepted", result.accepted);
        ArrayNode refused = response.putArray("refused");
        result.refused.forEach(
                each -> refused.addObject().put("line", each.line).put("error", each.error));
        if (result.accepted > 0 && !result.refused.isEmpty()) {
            response.put("note", "the other lines were taken; mend these, and send only them again");
        }
        return new Response(result.refused.isEmpty() ? 200 : 400, response + "\n");
    }

    /** Whether it is a whole JSON value, or its end is still to come. */
    static boolean isWhole(String line) {
        try {
            return JSON.readTree(line).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static ObjectNode object(String line) throws BadRecordException {
        try {
            JsonNode json = JSON.readTree(line);
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw new BadRecordException("it is no JSON object, but " + json.getNodeType());
        } catch (MismatchedInputException e) { // there is more behind a whole value
            throw new BadRecordException("it has more than one record, the second at column "
                    + e.getLocation().getColumnNr() + "; write each on a line of its own, and send them with curl"
                    + " --data-binary: its -d takes out the line breaks");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw new BadRecordException("it is not JSON" + where + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse("") + "; each record is on one line");
        }
    }
}
