/** What the tests, the chaos run and the benchmark share: processes, servers and networks that can fail. */
package io.github.sequinroutes.testkit;
