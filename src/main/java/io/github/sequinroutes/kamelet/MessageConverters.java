package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * Lets the steps of a route have a message as its record's JSON: {@code ${bodyAs(String)}}, jsonpath, unmarshal. A batch has no
 * such text: Camel's own conversion would make one that no condition fits, and a filter would drop or keep all of it.
 */
public final class MessageConverters implements TypeConverterLoader {
    /** What Camel makes; it is named in {@code META-INF/services}. */
    public MessageConverters() {}

    @Override
    public void load(TypeConverterRegistry registry) {
        add(registry, byte[].class, MessageConverters::record);
        add(registry, String.class, Message::toString);
        add(registry, InputStream.class, message -> new ByteArrayInputStream(record(message)));
        refuse(registry, byte[].class);
        refuse(registry, String.class);
        refuse(registry, InputStream.class);
    }

    private interface Conversion<T> {
        T of(Message message);
    }

    private static <T> void add(TypeConverterRegistry registry, Class<T> type, Conversion<T> conversion) {
        registry.addTypeConverter(
                type,
                Message.class,
                new SimpleTypeConverter(false, (to, exchange, message) -> conversion.of((Message) message)));
    }

    private static void refuse(TypeConverterRegistry registry, Class<?> type) {
        registry.addTypeConverter(type, Group.class, new SimpleTypeConverter(false, (to, exchange, group) -> {
            throw new IllegalArgumentException("The body is " + group);
        }));
    }

    private static byte[] record(Message message) {
        return Arrays.copyOfRange(message.bytes(), message.recordStart(), message.recordEnd());
    }
}
