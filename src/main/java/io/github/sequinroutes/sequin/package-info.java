/** The Sequin server: how requests go to it. */
package io.github.sequinroutes.sequin;
