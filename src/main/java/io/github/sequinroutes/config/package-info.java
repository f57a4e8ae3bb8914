/** What configuration may be, and the pools of those who have none of their own. Internal. */
package io.github.sequinroutes.config;
