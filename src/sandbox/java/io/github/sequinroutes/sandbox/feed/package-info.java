/** Records of somebody's own for the stand-in servers: from a file that is followed, or by a request. */
package io.github.sequinroutes.sandbox.feed;
