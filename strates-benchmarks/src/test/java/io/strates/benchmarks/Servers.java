package io.strates.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;

/**
 * The servers of one measurement: started by the process that measures, and found by
 * those that it forks.
 */
record Servers(String redisHost, int redisPort, DevDatabase database) {

	private static final List<String> NAMES = Stream
		.of("redis.host", "redis.port", "jdbc.url", "jdbc.user", "jdbc.password")
		.map((name) -> "strates.benchmarks." + name)
		.toList();

	static Servers find() {
		if (System.getProperty(NAMES.get(0)) == null) {
			DevRedis redis = DevRedis.shared();
			return new Servers(redis.host(), redis.port(), DevPostgres.newDatabase());
		}
		List<String> values = NAMES.stream().map((name) -> System.getProperty(name, "")).toList();
		return new Servers(values.get(0), Integer.parseInt(values.get(1)),
				new DevDatabase(values.get(2), values.get(3), values.get(4)));
	}

	/** Returns the arguments with which a process finds these servers. */
	String[] arguments() {
		List<String> values = Arrays.asList(this.redisHost, Integer.toString(this.redisPort), this.database.jdbcUrl(),
				this.database.username(), this.database.password());
		String[] arguments = new String[NAMES.size()];
		Arrays.setAll(arguments, (index) -> "-D" + NAMES.get(index) + "=" + values.get(index));
		return arguments;
	}

	HikariDataSource dataSource() {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(this.database.jdbcUrl());
		dataSource.setUsername(this.database.username());
		dataSource.setPassword(this.database.password());
		dataSource.setMaximumPoolSize(16);
		return dataSource;
	}

}
