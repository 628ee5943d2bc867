package io.strates.boot.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * How this node calls itself in the metadata.
 *
 * @param value the name, unique among the nodes that share a database
 */
record NodeName(String value) {

	private static final int MAX_HOST = 128;

	static NodeName of(@Nullable String configured) {
		return new NodeName((configured != null) ? configured
				: host() + ":" + ProcessHandle.current().pid() + ":" + UUID.randomUUID().toString().substring(0, 8));
	}

	private static String host() {
		try {
			String host = InetAddress.getLocalHost().getHostName();
			return (host.length() <= MAX_HOST) ? host : host.substring(0, MAX_HOST);
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
