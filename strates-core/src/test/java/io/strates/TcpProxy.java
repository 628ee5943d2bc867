package io.strates;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stretch of network before a server, of which each direction can be held up, and whose
 * connections can be cut or lost.
 */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket listening;

	private final String host;

	private final int port;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final Set<Socket> lost = ConcurrentHashMap.newKeySet();

	private final Gate toServer = new Gate();

	private final Gate toClient = new Gate();

	/**
	 * Starts a proxy on a port of its own.
	 * @param host where the server is
	 * @param port where the server listens
	 */
	public TcpProxy(String host, int port) {
		this.host = host;
		this.port = port;
		try {
			this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public String host() {
		return this.listening.getInetAddress().getHostAddress();
	}

	public int port() {
		return this.listening.getLocalPort();
	}

	/** Keeps back what clients send, until it is let through. */
	public void holdToServer(boolean hold) {
		this.toServer.hold(hold);
	}

	/** Keeps back what the server sends, until it is let through. */
	public void holdToClients(boolean hold) {
		this.toClient.hold(hold);
	}

	/** Returns how many connections were made and not cut. */
	public int connections() {
		return this.sockets.size() / 2;
	}

	/** Cuts all connections; clients may connect again. */
	public void cut() {
		this.sockets.forEach(TcpProxy::close);
		this.sockets.clear();
	}

	/**
	 * Swallows from now on what the present connections carry, as a network does that
	 * forgets them; both sides think that they are connected. New ones work.
	 */
	public void lose() {
		this.lost.addAll(this.sockets);
	}

	private void accept() {
		while (!this.listening.isClosed()) {
			try {
				connect(this.listening.accept());
			}
			catch (IOException ex) {
				// Closed, which ends the loop.
			}
		}
	}

	private void connect(Socket client) {
		try {
			Socket server = new Socket(this.host, this.port);
			this.sockets.add(client);
			this.sockets.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			start(() -> copy(client, server, this.toServer));
			start(() -> copy(server, client, this.toClient));
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void copy(Socket from, Socket to, Gate gate) {
		byte[] buffer = new byte[8_192];
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			int count = in.read(buffer);
			while (count >= 0) {
				gate.pass();
				if (!this.lost.contains(from)) {
					out.write(buffer, 0, count);
					out.flush();
				}
				count = in.read(buffer);
			}
		}
		catch (IOException ex) {
			// Cut.
		}
		finally {
			close(from);
			close(to);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		holdToServer(false);
		holdToClients(false);
		try {
			this.listening.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		cut();
	}

	private static final class Gate {

		private final ReentrantLock lock = new ReentrantLock();

		private final Condition opened = this.lock.newCondition();

		private boolean held;

		void hold(boolean hold) {
			this.lock.lock();
			try {
				this.held = hold;
				this.opened.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}

		void pass() {
			this.lock.lock();
			try {
				while (this.held) {
					this.opened.awaitUninterruptibly();
				}
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
