package io.strates.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Finds ports of the loopback interface for servers to listen on.
 */
final class FreePort {

	/**
	 * The one address on which embedded servers listen; "localhost" may mean ::1 first.
	 */
	static final String HOST = "127.0.0.1";

	/*
	 * Not ServerSocket(0): that answers a port of the ephemeral range, which the kernel
	 * also hands out as the *source* port of connections. While a server is down on
	 * purpose, a client that keeps reconnecting to such a port ends up connected to
	 * itself, and then the server cannot come back. Linux starts that range at 32768,
	 * others at 49152.
	 */
	private static final int FIRST = 20_000;

	private static final int LAST = 32_000;

	/**
	 * A node of a Redis Cluster listens on a second port too, which is so much higher.
	 */
	private static final int CLUSTER_BUS = 10_000;

	private static final int ATTEMPTS = 100;

	private FreePort() {
	}

	/**
	 * Returns a port on which nobody listens now. Another process may still take it
	 * first; with random picks from thousands of ports that is unlikely, and the server's
	 * start fails when it happens.
	 * @throws IllegalStateException if every port tried was taken
	 */
	static int find() {
		return find(FIRST, LAST, FreePort::isFree);
	}

	/**
	 * Returns a port for a node of a Redis Cluster, of which both ports are free and
	 * below the ephemeral range.
	 * @throws IllegalStateException if every port tried was taken
	 */
	static int findForCluster() {
		return find(FIRST - CLUSTER_BUS, LAST - CLUSTER_BUS, (port) -> isFree(port) && isFree(port + CLUSTER_BUS));
	}

	private static int find(int first, int last, IntPredicate free) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(first, last);
			if (free.test(port)) {
				return port;
			}
		}
		throw new IllegalStateException("None of " + ATTEMPTS + " ports tried between " + first + " and " + last
				+ " is free on " + HOST + "; end what occupies them");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
