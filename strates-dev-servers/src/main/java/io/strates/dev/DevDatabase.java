package io.strates.dev;

/**
 * What a client needs to connect to one database of a development server.
 *
 * @param jdbcUrl the URL, without any query parameter, so that the caller may append some
 * @param username the user, who may create and drop tables
 * @param password the user's password, possibly empty
 * @since 0.1.0
 */
public record DevDatabase(String jdbcUrl, String username, String password) {

}
