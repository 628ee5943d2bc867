package io.strates.sample;

import java.util.ArrayList;
import java.util.List;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;

/**
 * Properties that lead the sample to the servers of the tests: a database of its own on
 * the shared PostgreSQL, and the shared Redis.
 */
public final class Servers {

	private Servers() {
	}

	/**
	 * Returns the properties for an empty database.
	 * @return name and value of each
	 */
	public static List<String> properties() {
		DevDatabase database = DevPostgres.newDatabase();
		DevRedis redis = DevRedis.shared();
		List<String> properties = new ArrayList<>();
		properties.add("spring.datasource.url=" + database.jdbcUrl());
		properties.add("spring.datasource.username=" + database.username());
		properties.add("spring.datasource.password=" + database.password());
		properties.add("spring.data.redis.host=" + redis.host());
		properties.add("spring.data.redis.port=" + redis.port());
		return properties;
	}

}
