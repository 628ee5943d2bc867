package io.strates.sample;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;

import org.springframework.boot.test.web.server.LocalServerPort;

/** A suite for each test, and what talks to the API. */
@SampleTest
abstract class SampleIntegrationTest {

	static final String AA = stanza("aa", "1.0", "Section: libs\nMaintainer: A Team <a@example.org>\n");

	static final String BB = stanza("bb", "1.0", "Section: libs\nDepends: aa (>= 1.0), virtual | aa\n");

	private static final AtomicInteger SUITES = new AtomicInteger();

	@LocalServerPort
	private int port;

	Api api;

	String suite;

	@BeforeEach
	void prepare() {
		this.api = new Api(this.port);
		this.suite = "suite-" + SUITES.incrementAndGet();
	}

	/** Returns a path under the suite of the test. */
	String path(String rest) {
		return "/" + this.suite + rest;
	}

	static String stanza(String name, String version) {
		return stanza(name, version, "");
	}

	static String stanza(String name, String version, String fields) {
		return "Package: " + name + "\nVersion: " + version + "\nArchitecture: all\n" + fields;
	}

}
