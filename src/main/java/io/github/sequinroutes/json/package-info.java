/** Reads JSON bytes and decodes only what is asked for. Internal. */
package io.github.sequinroutes.json;
