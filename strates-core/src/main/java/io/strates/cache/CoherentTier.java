package io.strates.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The second tier of values that change: bytes by key, fences that keep older values from
 * replacing newer ones, and a channel that tells every node which keys were written.
 *
 * <p>
 * Three rules make it coherent. A value is <em>filled</em> only with a token that was
 * leased before the value was read, and a write takes all tokens of its keys. While a key
 * has a writer, the tier holds no value for it and leases no token. When a writer leaves,
 * its value is stored only if nobody else wrote in the meantime; else nothing is. The
 * idea of leases is that of Facebook's memcache (Nishtala et al., NSDI 2013).
 *
 * @implSpec Thread-safe. Each operation on one key is atomic, and so is the message that
 * belongs to it. {@link #fetch}, {@link #look} and {@link #lease} return within a short
 * bound of the implementation's own and fail at once while the tier is known to be away;
 * the futures of the others complete within such a bound, with a
 * {@link TierUnavailableException} where the tier did not answer or it is not known
 * whether it did. What another server process may have forgotten (a restart, a fail-over)
 * must never be seen again: values, tokens and fences belong to the server process that
 * took them.
 * @since 0.1.0
 */
public interface CoherentTier extends AutoCloseable {

	/**
	 * Fetches values in one round trip.
	 * @param keys the keys
	 * @return the values in the order of the keys, {@code null} where there is none
	 * @throws TierUnavailableException if the tier does not answer
	 */
	List<byte @Nullable []> fetch(List<String> keys);

	/**
	 * Looks at a key without changing anything.
	 * @param key the key
	 * @return what there is of it
	 * @throws TierUnavailableException if the tier does not answer
	 */
	Look look(String key);

	/**
	 * Asks for the right to fill keys.
	 * @param requests the keys, and how they are wanted
	 * @return the leases, in the order of the requests
	 * @throws TierUnavailableException if the tier does not answer
	 */
	List<Lease> lease(List<LeaseRequest> requests);

	/**
	 * Stores values that were read after their tokens were leased.
	 * @param fills the values
	 * @return the keys whose tokens were no longer good, so that nothing was stored
	 */
	CompletableFuture<Set<String>> fill(Collection<Fill> fills);

	/**
	 * Puts fences around keys that are about to be written: their values and tokens are
	 * gone, and other nodes are told. Fences fall by themselves some time after a writer
	 * has died.
	 * @param writer who writes, unique among all writers of all nodes
	 * @param keys the keys
	 * @return completes when all fences stand
	 */
	CompletableFuture<Void> begin(String writer, Collection<String> keys);

	/**
	 * Takes a writer's fences away, and stores what it wrote.
	 * @param writer the writer
	 * @param endings what is to be stored under each key of the writer
	 * @return the keys whose value was not stored, although there was one, since there
	 * were other writers or the fence had fallen
	 */
	CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings);

	/**
	 * Removes values and tokens, and tells other nodes. Fences stay.
	 * @param keys the keys
	 * @return completes when it is done
	 */
	CompletableFuture<Void> invalidate(Collection<String> keys);

	/**
	 * Whether this node hears what other nodes write: its own last message came back in
	 * time. While it does not, memory must not be relied on for longer than moments.
	 * @return whether messages arrive
	 */
	boolean trusted();

	/**
	 * Returns whether it is worth asking the tier.
	 * @return {@code false} while it is known not to answer
	 */
	boolean answering();

	/**
	 * Returns whether the tier keeps values at all, and not fences and tokens alone.
	 * @return {@code true} by default
	 */
	default boolean keepsValues() {
		return true;
	}

	/**
	 * Sets who is told of messages. Called once, before anything else.
	 * @param listener told in the order of the messages, by a thread that must not be
	 * held up
	 */
	void listen(Listener listener);

	/**
	 * Returns how the channel does.
	 * @return its state at this moment
	 */
	ChannelStatistics channel();

	@Override
	void close();

	/**
	 * What there is of a key.
	 *
	 * @param value the value, or {@code null} if there is none
	 * @param token the token that was leased last, or {@code null} if none is good
	 * @param fenced whether somebody is writing the key
	 * @since 0.1.0
	 */
	// Nobody compares these; the bytes are handed over, not kept.
	@SuppressWarnings("ArrayRecordComponent")
	record Look(byte @Nullable [] value, @Nullable String token, boolean fenced) {
	}

	/**
	 * A wish to fill a key.
	 *
	 * @param key the key
	 * @param replace whether a value that is there is of no use, such as one of another
	 * layout
	 * @param exclusive whether one node alone is to load the key
	 * @param life how long a token is good that nobody takes
	 * @since 0.1.0
	 */
	record LeaseRequest(String key, boolean replace, boolean exclusive, Duration life) {
	}

	/**
	 * The answer to a wish to fill a key.
	 *
	 * @param state what is the case
	 * @param value the value, if it is {@link State#PRESENT}
	 * @param token the token, if it is {@link State#GRANTED}; equal for all who ask until
	 * something is written
	 * @since 0.1.0
	 */
	// Nobody compares these; the bytes are handed over, not kept.
	@SuppressWarnings("ArrayRecordComponent")
	record Lease(State state, byte @Nullable [] value, @Nullable String token) {

		/**
		 * What is the case with a key.
		 *
		 * @since 0.1.0
		 */
		public enum State {

			/** There is a value. */
			PRESENT,

			/** The key may be filled. */
			GRANTED,

			/**
			 * The key is being written: whoever reads it now must not keep it, and may
			 * see what is newer than the writer's value, which is therefore not stored.
			 */
			FENCED,

			/** Another node loads the key, and {@link Listener#landed} will tell. */
			AWAITED

		}

	}

	/**
	 * A value that was read.
	 *
	 * @param key the key
	 * @param token the token, leased before the value was read
	 * @param value the value, or {@code null} to give an exclusive lease back
	 * @param timeToLive how long the tier may keep it
	 * @since 0.1.0
	 */
	// Nobody compares these; the bytes are handed over, not kept.
	@SuppressWarnings("ArrayRecordComponent")
	record Fill(String key, String token, byte @Nullable [] value, Duration timeToLive) {
	}

	/**
	 * A value that was written.
	 *
	 * @param key the key
	 * @param value the value, or {@code null} to store nothing
	 * @param timeToLive how long the tier may keep it
	 * @since 0.1.0
	 */
	// Nobody compares these; the bytes are handed over, not kept.
	@SuppressWarnings("ArrayRecordComponent")
	record Ending(String key, byte @Nullable [] value, Duration timeToLive) {
	}

	/**
	 * Hears what other nodes did.
	 *
	 * @since 0.1.0
	 */
	interface Listener {

		/**
		 * Another node writes keys, or has removed them.
		 * @param keys the keys
		 */
		void invalidated(Collection<String> keys);

		/**
		 * An exclusive load has ended, on any node.
		 * @param keys the keys
		 */
		void landed(Collection<String> keys);

		/** Messages may have been lost: whatever is in memory is in doubt. */
		void doubted();

		/**
		 * The tier answers again after it was out of reach, and is about to be asked:
		 * other nodes may have yet to tell it what they wrote meanwhile.
		 */
		default void returned() {
		}

		/**
		 * The tier is another server process than before, which knows nothing of what
		 * this node has written. Whoever went over to it earlier may not know either.
		 * Called before the new process is asked anything, by any thread.
		 */
		default void replaced() {
		}

	}

}
