package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.strates.cache.CoherentTier.Ending;
import io.strates.cache.CoherentTier.Fill;
import io.strates.cache.CoherentTier.Lease;
import io.strates.cache.CoherentTier.Lease.State;
import io.strates.cache.CoherentTier.LeaseRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What each second tier of values that change does about tokens and fences. */
public abstract class CoherentTierContract {

	/** How long something lives that no test waits for. */
	protected static final Duration LONG = Duration.ofMinutes(10);

	private static final String KEY = "key";

	private static final byte[] OLD = bytes("old");

	private static final byte[] NEW = bytes("new");

	/** Returns the tier of a node, ready for questions. */
	protected abstract CoherentTier tier();

	/** Lets the fence of a writer fall who has died. */
	protected abstract void letFencesFall();

	/** Lets a token expire that was leased for that long. */
	protected abstract void letExpire(Duration life);

	protected abstract boolean keepsValues();

	@Test
	void lookTellsWhatThereIsAndChangesNothing() {
		assertThat(tier().look(KEY)).satisfies((look) -> {
			assertThat(look.value()).isNull();
			assertThat(look.token()).isNull();
			assertThat(look.fenced()).isFalse();
		});
		String token = granted(KEY);
		assertThat(tier().look(KEY).token()).isEqualTo(token);
		done(tier().begin("w", List.of(KEY)));

		assertThat(tier().look(KEY).fenced()).isTrue();
		assertThat(tier().look(KEY).token()).isNull();
		assertThat(done(tier().end("w", List.of(new Ending(KEY, NEW, LONG))))).isEmpty();

		assertThat(tier().look(KEY).fenced()).isFalse();
		assertThat(tier().look(KEY).value()).isEqualTo(keepsValues() ? NEW : null);
	}

	@Test
	void tokensAreEqualUntilSomethingIsWritten() {
		String first = granted(KEY);
		String second = granted(KEY);
		write("w", KEY, NEW);
		done(tier().invalidate(List.of(KEY)));
		String third = granted(KEY);

		assertThat(second).isEqualTo(first);
		assertThat(third).isNotEqualTo(first);
	}

	@Test
	void fillWithTheTokenIsStored() {
		String token = granted(KEY);

		assertThat(fill(KEY, token, OLD)).isEmpty();

		assertHolds(KEY, OLD);
	}

	@Test
	void fillWhoseTokenWasTakenByAWriteIsRefused() {
		String token = granted(KEY);
		done(tier().begin("w", List.of(KEY)));

		assertThat(fill(KEY, token, OLD)).containsExactly(KEY);
		done(tier().end("w", List.of(new Ending(KEY, null, LONG))));
		assertThat(fill(KEY, token, OLD)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void fillWhoseTokenWasTakenByAnInvalidationIsRefused() {
		String token = granted(KEY);
		done(tier().invalidate(List.of(KEY)));

		assertThat(fill(KEY, token, OLD)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void tokenOfAnotherKeyIsNoGood() {
		granted(KEY);
		String other = granted("other");

		assertThat(fill(KEY, other, OLD)).containsExactly(KEY);
	}

	@Test
	void tokenExpires() {
		Duration life = Duration.ofMillis(50);
		String token = lease(KEY, false, life).token();

		letExpire(life);

		assertThat(fill(KEY, String.valueOf(token), OLD)).containsExactly(KEY);
		assertThat(granted(KEY)).isNotEqualTo(token);
	}

	@Test
	void tokenThatIsLeasedForLongerLivesLonger() {
		Duration life = Duration.ofMillis(50);
		String token = granted(KEY);
		lease(KEY, false, life);

		letExpire(life);

		assertThat(granted(KEY)).isEqualTo(token);
	}

	@Test
	void keyThatIsBeingWrittenIsFenced() {
		done(tier().begin("w", List.of(KEY)));

		assertThat(lease(KEY, false, LONG)).isEqualTo(new Lease(State.FENCED, null, null));
		assertThat(lease(KEY, true, LONG).state()).isEqualTo(State.FENCED);
		assertThat(lease("other", false, LONG).state()).isEqualTo(State.GRANTED);
	}

	@Test
	void writeTakesTheOldValueAtOnce() {
		fill(KEY, granted(KEY), OLD);

		done(tier().begin("w", List.of(KEY)));

		assertHolds(KEY, null);
	}

	@Test
	void writerWhoWasAloneStoresItsValue() {
		assertThat(write("w", KEY, NEW)).isEmpty();

		assertHolds(KEY, NEW);
	}

	@Test
	void writerWhoStoresNothingLeavesNothing() {
		fill(KEY, granted(KEY), OLD);

		assertThat(write("w", KEY, null)).isEmpty();

		assertHolds(KEY, null);
		granted(KEY);
	}

	@Test
	void writersWhoOverlapStoreNothing() {
		done(tier().begin("w1", List.of(KEY)));
		done(tier().begin("w2", List.of(KEY)));

		assertThat(end("w1", KEY, OLD)).containsExactly(KEY);
		assertThat(lease(KEY, false, LONG).state()).isEqualTo(State.FENCED);
		assertThat(end("w2", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
		granted(KEY);
	}

	@Test
	void writerAfterAnOverlapStoresItsValueAgain() {
		done(tier().begin("w1", List.of(KEY)));
		done(tier().begin("w2", List.of(KEY)));
		end("w1", KEY, OLD);
		end("w2", KEY, OLD);

		assertThat(write("w3", KEY, NEW)).isEmpty();

		assertHolds(KEY, NEW);
	}

	@Test
	void chainOfOverlappingWritersStoresNothing() {
		done(tier().begin("w1", List.of(KEY)));
		for (int writer = 2; writer < 10; writer++) {
			done(tier().begin("w" + writer, List.of(KEY)));
			assertThat(end("w" + (writer - 1), KEY, OLD)).containsExactly(KEY);
		}

		assertThat(end("w9", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void writerDuringAnInvalidationStoresNothing() {
		done(tier().begin("w", List.of(KEY)));
		done(tier().invalidate(List.of(KEY)));

		assertThat(lease(KEY, false, LONG).state()).isEqualTo(State.FENCED);
		assertThat(end("w", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void beginningTwiceIsBeginningOnce() {
		done(tier().begin("w", List.of(KEY)));
		done(tier().begin("w", List.of(KEY)));

		assertThat(end("w", KEY, NEW)).isEmpty();

		assertHolds(KEY, NEW);
	}

	@Test
	void writerWhoseFenceHasFallenStoresNothingAndTakesWhatOthersHaveFilled() {
		done(tier().begin("w", List.of(KEY)));
		letFencesFall();
		String token = granted(KEY);
		fill(KEY, token, OLD);

		assertThat(end("w", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
		assertThat(fill(KEY, token, OLD)).containsExactly(KEY);
	}

	@Test
	void writerWhoNeverBeganStoresNothing() {
		assertThat(end("w", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void writerWhoHasMetOneWhoseFenceHadFallenStoresNothing() {
		done(tier().begin("slow", List.of(KEY)));
		letFencesFall();
		done(tier().begin("w", List.of(KEY)));
		end("slow", KEY, OLD);

		assertThat(end("w", KEY, NEW)).containsExactly(KEY);

		assertHolds(KEY, null);
	}

	@Test
	void deadWriterDoesNotKeepAKeyThatIsWrittenAgainAndAgainFromBeingCached() {
		done(tier().begin("dead", List.of(KEY)));
		letFencesFall();
		write("w1", KEY, OLD);

		assertThat(write("w2", KEY, NEW)).isEmpty();

		assertHolds(KEY, NEW);
	}

	@Test
	void giveBackOfALeaseStoresNothing() {
		Lease lease = lease(KEY, true, LONG);

		assertThat(fill(KEY, String.valueOf(lease.token()), null)).isEmpty();

		assertHolds(KEY, null);
		assertThat(lease(KEY, true, LONG).state()).isEqualTo(State.GRANTED);
	}

	@Test
	void nodeThatLoadsExclusivelyMayAskAgain() {
		Lease lease = lease(KEY, true, LONG);

		assertThat(lease(KEY, true, LONG)).isEqualTo(lease);
	}

	@Test
	void manyKeysAreOneCall() {
		List<String> keys = IntStream.range(0, 1_234).mapToObj((number) -> "many" + number).toList();
		List<Lease> leases = tier()
			.lease(keys.stream().map((key) -> new LeaseRequest(key, false, false, LONG)).toList());
		done(tier().begin("w", keys.subList(1_000, 1_234)));

		Set<String> refused = done(tier().fill(IntStream.range(0, keys.size())
			.mapToObj((index) -> new Fill(keys.get(index), String.valueOf(leases.get(index).token()),
					bytes("v" + index), LONG))
			.toList()));
		Set<String> unstored = done(tier().end("w",
				keys.stream().skip(999).map((key) -> new Ending(key, bytes("written " + key), LONG)).toList()));

		assertThat(refused).containsExactlyInAnyOrderElementsOf(keys.subList(1_000, 1_234));
		assertThat(unstored).containsExactly(keys.get(999));
		assertHolds(keys.get(998), bytes("v998"));
		assertHolds(keys.get(999), null);
		assertHolds(keys.get(1_000), bytes("written many1000"));
	}

	@Test
	void keysMayBeAnyTextWithoutBraces() {
		String odd = "x: %|\n\u00e9\ud83d\ude00 *[]?\u0000" + UUID.randomUUID();

		assertThat(fill(odd, granted(odd), OLD)).isEmpty();
		done(tier().begin("w\n: odd", List.of(odd)));
		assertThat(fill(odd, "?", OLD)).containsExactly(odd);
		assertThat(end("w\n: odd", odd, NEW)).isEmpty();

		assertHolds(odd, NEW);
	}

	@Test
	void nothingIsDoneToNoKeys() {
		assertThat(tier().fetch(List.of())).isEmpty();
		assertThat(tier().lease(List.of())).isEmpty();
		assertThat(done(tier().fill(List.of()))).isEmpty();
		done(tier().begin("w", List.of()));
		assertThat(done(tier().end("w", List.of()))).isEmpty();
		done(tier().invalidate(List.of()));
	}

	/** Asserts what is stored, where something is. */
	protected final void assertHolds(String key, byte @Nullable [] value) {
		byte[] expected = keepsValues() ? value : null;
		byte[] found = tier().fetch(List.of(key)).get(0);
		assertThat((found != null) ? new String(found, StandardCharsets.UTF_8) : null)
			.isEqualTo((expected != null) ? new String(expected, StandardCharsets.UTF_8) : null);
	}

	protected final Lease lease(String key, boolean exclusive, Duration life) {
		return tier().lease(List.of(new LeaseRequest(key, false, exclusive, life))).get(0);
	}

	protected final String granted(String key) {
		Lease lease = lease(key, false, LONG);
		assertThat(lease.state()).isEqualTo(State.GRANTED);
		return String.valueOf(lease.token());
	}

	protected final Set<String> fill(String key, String token, byte @Nullable [] value) {
		return done(tier().fill(List.of(new Fill(key, token, value, LONG))));
	}

	protected final Set<String> write(String writer, String key, byte @Nullable [] value) {
		done(tier().begin(writer, List.of(key)));
		return end(writer, key, value);
	}

	protected final Set<String> end(String writer, String key, byte @Nullable [] value) {
		return done(tier().end(writer, List.of(new Ending(key, value, LONG))));
	}

	protected static <T> T done(CompletableFuture<T> future) {
		return future.orTimeout(30, TimeUnit.SECONDS).join();
	}

	protected static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** A listener that nobody listens to. */
	protected static final class Deaf implements CoherentTier.Listener {

		@Override
		public void invalidated(Collection<String> keys) {
		}

		@Override
		public void landed(Collection<String> keys) {
		}

		@Override
		public void doubted() {
		}

	}

}
