/** The standalone process and its commands. Internal. */
package io.github.sequinroutes.cli;
