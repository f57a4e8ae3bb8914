/** The pace of a worker. Internal. */
package io.github.sequinroutes.poll;
