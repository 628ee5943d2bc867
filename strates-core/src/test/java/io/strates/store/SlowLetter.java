package io.strates.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** An entity whose reader can be stopped when the database has given it the row. */
@Entity
@Tiered(absentTimeToLive = "5s")
class SlowLetter {

	@Id
	@Nullable String id;

	@Convert(converter = Gate.class)
	String text = "";

	@Nullable String sender;

	SlowLetter() {
	}

	SlowLetter(String id, String text, String sender) {
		this.id = id;
		this.text = text;
		this.sender = sender;
	}

	/** Where the next reader of a row is stopped. */
	static final class Stop {

		private final CountDownLatch reached = new CountDownLatch(1);

		private final CountDownLatch open = new CountDownLatch(1);

		void awaitReader() throws InterruptedException {
			this.reached.await();
		}

		void open() {
			this.open.countDown();
		}

		private void pass() {
			this.reached.countDown();
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/** Is passed by each value that is read from a row. */
	static class Gate implements AttributeConverter<String, String> {

		private static final AtomicReference<@Nullable Stop> next = new AtomicReference<>();

		/** Stops the next reader. */
		static Stop stopNext() {
			Stop stop = new Stop();
			next.set(stop);
			return stop;
		}

		@Override
		public String convertToDatabaseColumn(String text) {
			return text;
		}

		@Override
		public String convertToEntityAttribute(String column) {
			Stop stop = next.getAndSet(null);
			if (stop != null) {
				stop.pass();
			}
			return column;
		}

	}

}
