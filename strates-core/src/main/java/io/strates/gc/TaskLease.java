package io.strates.gc;

import java.time.Duration;

import io.strates.internal.jdbc.Database;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The claim of one run to a task that only one run at a time may do on all nodes
 * together. It ends by the database's clock. Every method joins the caller's transaction.
 */
/*
 * A run renews its claim in the same transaction in which it works. That locks the row,
 * so whoever wants to take the claim over waits for the commit; and a run whose claim was
 * taken finds so before it changes anything. Two runs never work at a time, whatever
 * pauses either of them makes.
 */
final class TaskLease {

	private final JdbcClient jdbc;

	private final Database database;

	private final String task;

	private final String holder;

	private final long micros;

	/**
	 * Creates a claim that is not taken yet.
	 * @param jdbc the client of the metadata
	 * @param database the database behind it
	 * @param task the name of the task
	 * @param holder the name of this run, unique among all runs
	 * @param duration how long the claim holds without being renewed
	 */
	TaskLease(JdbcClient jdbc, Database database, String task, String holder, Duration duration) {
		this.jdbc = jdbc;
		this.database = database;
		this.task = task;
		this.holder = holder;
		this.micros = duration.toNanos() / 1000;
	}

	/**
	 * Takes the claim if nobody has it.
	 * @return whether this run has it now
	 */
	boolean acquire() {
		return insert() || this.jdbc
			.sql("update strates_task set owner = ?, held_until = " + this.database.nowPlusMicros("?")
					+ " where name = ? and held_until <= " + this.database.now())
			.params(this.holder, this.micros, this.task)
			.update() == 1;
	}

	private boolean insert() {
		try {
			return this.jdbc
				.sql(this.database.insertIfAbsent("insert into strates_task (name, owner, held_until) values (?, ?, "
						+ this.database.nowPlusMicros("?") + ")"))
				.params(this.task, this.holder, this.micros)
				.update() == 1;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/**
	 * Renews the claim and keeps others from taking it until the transaction ends.
	 * @throws LostException if another run has taken it
	 */
	void renew() {
		int renewed = this.jdbc
			.sql("update strates_task set held_until = " + this.database.nowPlusMicros("?")
					+ " where name = ? and owner = ?")
			.params(this.micros, this.task, this.holder)
			.update();
		if (renewed == 0) {
			throw new LostException(this.task, this.holder);
		}
	}

	/** Gives the claim back, if this run still has it. */
	void release() {
		this.jdbc.sql("update strates_task set held_until = " + this.database.now() + " where name = ? and owner = ?")
			.params(this.task, this.holder)
			.update();
	}

	/** Thrown when another run has taken the claim: this one must stop. */
	static final class LostException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LostException(String task, String holder) {
			super("Task '" + task + "' was taken over from " + holder + ", which had not renewed its claim in time");
		}

	}

}
