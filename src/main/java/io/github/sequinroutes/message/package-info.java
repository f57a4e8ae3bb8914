/** What a delivery is and what has become of it; knows neither server nor database. Internal. */
package io.github.sequinroutes.message;
