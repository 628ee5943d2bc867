package io.strates.build;

/**
 * Named pieces of work that write to one build in parallel.
 *
 * <p>
 * They run on virtual threads where the JVM has them, else on a pool; as many at a time
 * as the service allows, counting the branches of all its builds. A branch may run
 * branches itself and lends them its place; it must not wait for branches that another
 * thread runs. The first failure interrupts the others and fails the build. Branches
 * should not refer to rows of each other: write what they share before them.
 *
 * @since 0.1.0
 */
public interface Branches {

	/**
	 * Adds a branch.
	 * @param name a name that is unique among the branches
	 * @param work what the branch writes
	 * @return these branches
	 * @throws IllegalArgumentException if the name is taken
	 * @throws NullPointerException if the name or the work is {@code null}; the branches
	 * added before stay
	 */
	Branches branch(String name, Work work);

	/**
	 * Runs all branches and stores what they wrote. Waits for places that branches of
	 * other builds take, and returns when every branch has ended.
	 * @throws BranchesFailedException if a branch failed or the caller was interrupted;
	 * the build is then failed
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored that were collected before
	 * the branches began, or after they had ended
	 * @throws IllegalStateException if these branches have run already
	 */
	void run();

	/**
	 * What one branch does.
	 */
	@FunctionalInterface
	interface Work {

		/**
		 * Writes the rows of the branch.
		 * @param writer the writer of the build
		 * @throws Exception if the branch cannot be completed
		 */
		void write(BuildWriter writer) throws Exception;

	}

}
