/** Dead letters: made, stored, listed and replayed. Internal. */
package io.github.sequinroutes.deadletter;
