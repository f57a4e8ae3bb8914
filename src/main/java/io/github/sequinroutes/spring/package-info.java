/** The bundle in a Spring Boot application; inert without Spring Boot. */
package io.github.sequinroutes.spring;
