package io.strates.dev;

/**
 * What running database servers have in common.
 */
abstract class DatabaseServer implements AutoCloseable {

	private final String scheme;

	private final String host;

	private final int port;

	private final DevDatabase database;

	private final Runnable stop;

	/**
	 * Creates a handle of a running server.
	 * @param scheme what stands behind {@code jdbc:} in its URLs
	 * @param host the host on which it listens
	 * @param port the port on which it listens
	 * @param account its superuser
	 * @param stop stops it
	 */
	DatabaseServer(String scheme, String host, int port, Account account, Runnable stop) {
		this.scheme = scheme;
		this.host = host;
		this.port = port;
		this.database = new DevDatabase(jdbcUrl(scheme, host, port, account.database()), account.username(),
				account.password());
		this.stop = stop;
	}

	private static String jdbcUrl(String scheme, String host, int port, String database) {
		return "jdbc:" + scheme + "://" + host + ":" + port + "/" + database;
	}

	/** Creates an empty database. */
	final DevDatabase create(String name) {
		Sql.execute(this.database, "create database " + name);
		return new DevDatabase(jdbcUrl(this.scheme, this.host, this.port, name), username(), password());
	}

	/**
	 * Returns the host on which the server listens.
	 * @return a name or an address
	 */
	public final String host() {
		return this.host;
	}

	/**
	 * Returns the port on which the server listens.
	 * @return the port
	 */
	public final int port() {
		return this.port;
	}

	/**
	 * Returns the URL of the server's first database.
	 * @return the URL, without any query parameter
	 */
	public final String jdbcUrl() {
		return this.database.jdbcUrl();
	}

	/**
	 * Returns the server's superuser.
	 * @return the user
	 */
	public final String username() {
		return this.database.username();
	}

	/**
	 * Returns the superuser's password.
	 * @return the password, possibly empty
	 */
	public final String password() {
		return this.database.password();
	}

	/**
	 * Stops the server and removes its data. Does nothing if it is closed already, or if
	 * it is the shared server.
	 */
	@Override
	public final void close() {
		this.stop.run();
	}

	/**
	 * Who may enter a server, and where.
	 *
	 * @param database the first database
	 * @param username the superuser
	 * @param password the superuser's password, possibly empty
	 */
	record Account(String database, String username, String password) {
	}

}
