/** A stand-in for the server of the Stream API, fed by real changes of a real database. */
package io.github.sequinroutes.sandbox.stream;
