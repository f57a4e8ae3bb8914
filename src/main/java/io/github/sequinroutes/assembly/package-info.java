/** Puts a bundle together and into a Camel context. Internal. */
package io.github.sequinroutes.assembly;
