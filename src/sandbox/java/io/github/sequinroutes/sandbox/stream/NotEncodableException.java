package io.github.sequinroutes.sandbox.stream;

/** A message cannot be made into JSON: the whole answer is an error, and its messages stay in flight. */
final class NotEncodableException extends RuntimeException {
    NotEncodableException(StreamMessage message) {
        super("A transform failed on " + message.row());
    }
}
