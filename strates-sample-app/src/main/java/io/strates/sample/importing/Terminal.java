package io.strates.sample.importing;

import java.io.Console;
import java.io.PrintStream;

import org.jspecify.annotations.Nullable;

/** Where somebody watches. */
final class Terminal {

	private Terminal() {
	}

	/** Returns the terminal, or {@code null} if none is attached. */
	@SuppressWarnings("SystemConsoleNull") // it may on Java 17, and is asked further
											// below
	static @Nullable PrintStream find() {
		Console console = System.console();
		return (console != null && isTerminal(console)) ? System.out : null;
	}

	/** From Java 22 on there is a console without a terminal, which says so. */
	private static boolean isTerminal(Console console) {
		try {
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

}
