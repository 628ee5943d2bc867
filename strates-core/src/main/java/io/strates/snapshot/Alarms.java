package io.strates.snapshot;

/**
 * Wakes at a time. Tasks are short and do not wait.
 */
interface Alarms {

	/**
	 * Runs a task later.
	 * @param task the task
	 * @param nanos how much later, on the monotonic clock
	 * @return takes the alarm back; after it has rung, this does nothing
	 */
	Runnable after(long nanos, Runnable task);

}
