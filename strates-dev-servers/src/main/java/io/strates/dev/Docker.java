package io.strates.dev;

import java.nio.file.Files;
import java.nio.file.Path;

import org.testcontainers.DockerClientFactory;

/**
 * Tells whether containers can be used here.
 */
final class Docker {

	private Docker() {
	}

	/**
	 * Returns whether a Docker engine answers. The environment is looked at first:
	 * without that, the answer "no" costs more than a second and an error in the log.
	 */
	static boolean isAvailable() {
		return isConfigured() && DockerClientFactory.instance().isDockerAvailable();
	}

	private static boolean isConfigured() {
		return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
	}

}
