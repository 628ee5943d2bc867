package io.strates.snapshot;

/**
 * From which numbers on the health of a builder is degraded or critical. Immutable; each
 * method that changes something returns others.
 *
 * @since 0.1.0
 */
public final class HealthThresholds {

	private static final HealthThresholds DEFAULTS = new HealthThresholds(1, 1, 0.5, 0.9, 1, 5);

	private final int waitingDegraded;

	private final double waitingCriticalRatio;

	private final double backlogDegradedRatio;

	private final double backlogCriticalRatio;

	private final int increaseDegraded;

	private final int increaseCritical;

	private HealthThresholds(int waitingDegraded, double waitingCriticalRatio, double backlogDegradedRatio,
			double backlogCriticalRatio, int increaseDegraded, int increaseCritical) {
		this.waitingDegraded = waitingDegraded;
		this.waitingCriticalRatio = waitingCriticalRatio;
		this.backlogDegradedRatio = backlogDegradedRatio;
		this.backlogCriticalRatio = backlogCriticalRatio;
		this.increaseDegraded = increaseDegraded;
		this.increaseCritical = increaseCritical;
	}

	/**
	 * Returns the defaults: degraded with one call that waits, half a backlog, or a count
	 * that is one higher; critical with as many calls that wait as may run, nine tenths
	 * of a backlog, or a count that is five higher.
	 * @return the thresholds
	 */
	public static HealthThresholds defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets how many calls of sources may wait for their turn.
	 * @param degraded the number of calls that degrades
	 * @param criticalRatio the calls that wait for one limit, as a multiple of the limit,
	 * that are critical
	 * @return the thresholds
	 * @throws IllegalArgumentException if the number is less than one, or the ratio is
	 * not positive and finite
	 */
	public HealthThresholds waiting(int degraded, double criticalRatio) {
		atLeastOne("degraded", degraded);
		if (!(criticalRatio > 0 && Double.isFinite(criticalRatio))) {
			throw new IllegalArgumentException(
					"The critical ratio of waiting calls is " + criticalRatio + "; set a positive number");
		}
		return new HealthThresholds(degraded, criticalRatio, this.backlogDegradedRatio, this.backlogCriticalRatio,
				this.increaseDegraded, this.increaseCritical);
	}

	/**
	 * Sets how full the backlog of publications may be.
	 * @param degradedRatio the part of it that degrades
	 * @param criticalRatio the part of it that is critical
	 * @return the thresholds
	 * @throws IllegalArgumentException if a part is not more than zero and at most one,
	 * or the critical one is less than the other
	 */
	public HealthThresholds backlog(double degradedRatio, double criticalRatio) {
		if (!(degradedRatio > 0 && criticalRatio >= degradedRatio && criticalRatio <= 1)) {
			throw new IllegalArgumentException("The ratios of the backlog are " + degradedRatio + " and "
					+ criticalRatio + "; set numbers above 0 and up to 1, the critical one not below the other");
		}
		return new HealthThresholds(this.waitingDegraded, this.waitingCriticalRatio, degradedRatio, criticalRatio,
				this.increaseDegraded, this.increaseCritical);
	}

	/**
	 * Sets by how much a count may be higher than at the time before.
	 * @param degraded the difference that degrades
	 * @param critical the difference that is critical
	 * @return the thresholds
	 * @throws IllegalArgumentException if a difference is less than one, or the critical
	 * one is less than the other
	 */
	public HealthThresholds increase(int degraded, int critical) {
		atLeastOne("degraded", degraded);
		if (critical < degraded) {
			throw new IllegalArgumentException("The critical increase is " + critical
					+ " and less than the degraded one, " + degraded + "; set at least that");
		}
		return new HealthThresholds(this.waitingDegraded, this.waitingCriticalRatio, this.backlogDegradedRatio,
				this.backlogCriticalRatio, degraded, critical);
	}

	private static void atLeastOne(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException("The " + name + " threshold is " + value + "; set one or more");
		}
	}

	/**
	 * Returns how many calls that wait degrade.
	 * @return the number of calls
	 */
	public int waitingDegraded() {
		return this.waitingDegraded;
	}

	/**
	 * Returns how many calls that wait for one limit are critical.
	 * @return the multiple of the limit
	 */
	public double waitingCriticalRatio() {
		return this.waitingCriticalRatio;
	}

	/**
	 * Returns how much of the backlog degrades.
	 * @return the part of it
	 */
	public double backlogDegradedRatio() {
		return this.backlogDegradedRatio;
	}

	/**
	 * Returns how much of the backlog is critical.
	 * @return the part of it
	 */
	public double backlogCriticalRatio() {
		return this.backlogCriticalRatio;
	}

	/**
	 * Returns how much higher a count degrades.
	 * @return the difference
	 */
	public int increaseDegraded() {
		return this.increaseDegraded;
	}

	/**
	 * Returns how much higher a count is critical.
	 * @return the difference
	 */
	public int increaseCritical() {
		return this.increaseCritical;
	}

}
