package io.strates.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.strates.release.Release;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PinnedInterceptorTests {

	private static final UUID BUILD = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

	private final RecordingQueries queries = new RecordingQueries();

	@Test
	void scopeIdExpressionSeesArgumentsByName() {
		service().byName("bookworm");

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "bookworm"));
	}

	@Test
	void scopeIdExpressionSeesArgumentsByPosition() {
		service().byPosition("trixie");

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "trixie"));
	}

	@Test
	void scopeIdWithoutHashOrQuoteIsTakenAsItStands() {
		service().literal();

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "shop-1"));
	}

	@Test
	void releaseExpressionPinsThatRelease() {
		service().release(7L);

		assertThat(this.queries.requests).containsExactly(PinRequest.release("catalog", "shop-1", 7));
	}

	@Test
	void releaseExpressionThatYieldsNothingPinsTheReleasedBuild() {
		service().release(null);

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "shop-1"));
	}

	@Test
	void emptyOptionalCountsAsNothing() {
		service().optionalRelease(Optional.empty());
		service().optionalRelease(Optional.of(3L));

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "shop-1"),
				PinRequest.release("catalog", "shop-1", 3));
	}

	@Test
	void instantAndBuildAreTakenAsValuesOrText() {
		service().asOf("2026-11-19T10:00:00Z", "");
		service().asOf(null, BUILD.toString());
		service().asOf(Instant.EPOCH, null);

		assertThat(this.queries.requests).containsExactly(
				PinRequest.asOf("catalog", "shop-1", Instant.parse("2026-11-19T10:00:00Z")),
				PinRequest.build("catalog", "shop-1", BUILD), PinRequest.asOf("catalog", "shop-1", Instant.EPOCH));
	}

	@Test
	void twoChoicesAtATimeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> service().asOf(Instant.EPOCH, BUILD))
			.withMessageContaining("at most one of the three");
	}

	@Test
	void valueThatCannotBeConvertedIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> service().asOf("yesterday", null))
			.withMessageContaining("yields asOf 'yesterday' from '#instant'");
	}

	@Test
	void scopeIdThatYieldsNothingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> service().byName(null))
			.withMessageContaining("yields no scope id from '#suite'");
	}

	@Test
	void repeatedAnnotationPinsEachScope() {
		service().two("a", "b");

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "a"),
				PinRequest.released("pricing", "b"));
	}

	@Test
	void methodWithoutAnnotationIsNotPinned() {
		service().plain();

		assertThat(this.queries.requests).isEmpty();
	}

	@Test
	void annotationOnInterfaceMethodIsFoundThroughInterfaceProxy() {
		ProxyFactory factory = new ProxyFactory(new InterfaceService());
		factory.addAdvice(new PinnedInterceptor(() -> this.queries));
		Contract contract = (Contract) factory.getProxy();

		contract.show("bookworm");

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "bookworm"));
	}

	@Test
	void annotationOnClassPinsPublicMethodsAndMethodReplacesItsScope() {
		ClassService service = proxy(new ClassService());

		service.inherited();
		service.replaced("other");
		service.added();
		assertThat(service.toString()).isNotEmpty();

		assertThat(this.queries.requests).containsExactly(PinRequest.released("catalog", "shop-1"),
				PinRequest.released("catalog", "other"), PinRequest.released("catalog", "shop-1"),
				PinRequest.released("pricing", "eu"));
	}

	@Test
	void pinIsHeldWhileTheMethodRunsAndClosedAfterAFailure() {
		assertThatIllegalStateException().isThrownBy(() -> service().fail()).withMessage("held: 1");

		assertThat(this.queries.open).isZero();
	}

	@Test
	void matchesToldFromMethodsThatNeedNoPin() throws NoSuchMethodException {
		assertThat(PinnedInterceptor.matches(Service.class.getMethod("two", String.class, String.class), Service.class))
			.isTrue();
		assertThat(PinnedInterceptor.matches(Service.class.getMethod("plain"), Service.class)).isFalse();
		assertThat(PinnedInterceptor.matches(Object.class.getMethod("toString"), ClassService.class)).isFalse();
		assertThat(PinnedInterceptor.matches(InterfaceService.class.getMethod("show", String.class),
				InterfaceService.class))
			.isTrue();
	}

	private Service service() {
		return proxy(new Service(this.queries));
	}

	@SuppressWarnings("unchecked")
	private <T> T proxy(T target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvice(new PinnedInterceptor(() -> this.queries));
		return (T) factory.getProxy();
	}

	static class Service {

		private final @Nullable RecordingQueries queries;

		Service() {
			this(null);
		}

		Service(@Nullable RecordingQueries queries) {
			this.queries = queries;
		}

		@Pinned(scope = "catalog", scopeId = "#suite")
		public void byName(@Nullable String suite) {
		}

		@Pinned(scope = "catalog", scopeId = "#p0")
		public void byPosition(String suite) {
		}

		@Pinned(scope = "catalog", scopeId = "shop-1")
		public void literal() {
		}

		@Pinned(scope = "catalog", scopeId = "shop-1", release = "#release")
		public void release(@Nullable Long release) {
		}

		@Pinned(scope = "catalog", scopeId = "shop-1", release = "#release")
		public void optionalRelease(Optional<Long> release) {
		}

		@Pinned(scope = "catalog", scopeId = "shop-1", asOf = "#instant", build = "#build")
		public void asOf(@Nullable Object instant, @Nullable Object build) {
		}

		@Pinned(scope = "catalog", scopeId = "#first")
		@Pinned(scope = "pricing", scopeId = "#second")
		public void two(String first, String second) {
		}

		public void plain() {
		}

		@Pinned(scope = "catalog", scopeId = "shop-1")
		public void fail() {
			throw new IllegalStateException("held: " + ((this.queries != null) ? this.queries.open : -1));
		}

	}

	@Pinned(scope = "catalog", scopeId = "shop-1")
	static class ClassService {

		public void inherited() {
		}

		@Pinned(scope = "catalog", scopeId = "#id")
		public void replaced(String id) {
		}

		@Pinned(scope = "pricing", scopeId = "eu")
		public void added() {
		}

	}

	interface Contract {

		@Pinned(scope = "catalog", scopeId = "#suite")
		void show(String suite);

	}

	static class InterfaceService implements Contract {

		@Override
		public void show(String suite) {
		}

	}

	/** Notes what is asked for and how many pins are held. */
	static final class RecordingQueries implements QueryService {

		private final List<PinRequest> requests = new ArrayList<>();

		private int open;

		@Override
		public PinnedReads pinned(String scope, String scopeId) {
			throw new UnsupportedOperationException();
		}

		@Override
		public PinnedReads pinned(PinRequest request) {
			throw new UnsupportedOperationException();
		}

		@Override
		public PinHandle pin(List<PinRequest> requests) {
			this.requests.addAll(requests);
			this.open++;
			return new PinHandle() {

				@Override
				public List<Pin> pins() {
					return List.of();
				}

				@Override
				public void close() {
					RecordingQueries.this.open--;
				}

			};
		}

		@Override
		public <T extends @Nullable Object> T pinned(List<PinRequest> requests, Callable<T> work) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Pin current(String scope) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Optional<Release> currentRelease(String scope, String scopeId) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<Release> history(String scope, String scopeId) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Map<String, Long> rowCounts(UUID buildStrate) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Stream<Difference> difference(Class<?> entity, PinRequest from, PinRequest to) {
			throw new UnsupportedOperationException();
		}

	}

}
