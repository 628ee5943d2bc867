package io.strates.boot.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.entity.NotPinnedException;
import io.strates.query.Pins;
import io.strates.query.QueryService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ContextPropagationTests {

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	@AfterEach
	void stopThread() {
		this.thread.shutdownNow();
	}

	@Test
	void workThatPropagatesItsContextReadsWhatItsParentPinned() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 2, 10);

			Long count = pinned(context, () -> {
				Callable<Long> work = ContextSnapshotFactory.builder()
					.build()
					.captureAll()
					.wrap(() -> context.getBean(ProductRepository.class).count());
				Shops.release(context, "berlin", 7, 10);
				return this.thread.submit(work).get();
			});

			assertThat(count).isEqualTo(2);
			assertThatThreadIsUnpinned(context);
		});
	}

	@Test
	void workThatDoesNotPropagateItsContextIsNotPinned() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 2, 10);

			pinned(context, () -> {
				assertThatThreadIsUnpinned(context);
				return true;
			});
		});
	}

	@Test
	void snapshotTakenWithoutPinHidesThePinOfTheThreadThatClearsMissingValues() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 2, 10);
			Callable<Long> unpinned = ContextSnapshotFactory.builder()
				.clearMissing(true)
				.build()
				.captureAll()
				.wrap(() -> context.getBean(ProductRepository.class).count());

			assertThatExceptionOfType(NotPinnedException.class).isThrownBy(() -> pinned(context, unpinned));
			Long after = pinned(context, () -> {
				assertThatExceptionOfType(NotPinnedException.class).isThrownBy(unpinned::call);
				return context.getBean(ProductRepository.class).count();
			});
			assertThat(after).isEqualTo(2);
		});
	}

	@Test
	void registryForgetsAnApplicationThatHasEnded() {
		int before = ContextRegistry.getInstance().getThreadLocalAccessors().size();

		Contexts.shop().run((context) -> {
			Pins pins = context.getBean(Pins.class);
			assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
				.anyMatch((accessor) -> accessor.key() == pins);
		});

		assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).hasSize(before);
	}

	private static <T> T pinned(BeanFactory beans, Callable<T> work) {
		return beans.getBean(QueryService.class).pinned("shop", "berlin", work);
	}

	private void assertThatThreadIsUnpinned(BeanFactory beans) {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.thread.submit(() -> beans.getBean(ProductRepository.class).count()).get())
			.withCauseInstanceOf(NotPinnedException.class);
	}

}
