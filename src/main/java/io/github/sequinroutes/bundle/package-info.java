/** The public API: {@link io.github.sequinroutes.bundle.SequinBundle} adds a bundle to a Camel context, as its options say. */
package io.github.sequinroutes.bundle;
