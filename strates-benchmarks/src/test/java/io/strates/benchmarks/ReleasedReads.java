package io.strates.benchmarks;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.build.Build;
import io.strates.build.BuildService;
import io.strates.query.PinRequest;
import io.strates.query.PinnedReads;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Reads of a released build whose values are in memory. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReleasedReads extends AbstractBenchmark {

	private final Long[] ids = new Long[VALUES];

	private ConfigurableApplicationContext context;

	private QueryService queries;

	private OfferRepository offers;

	private PinnedReads reads;

	private Cache<Long, OfferView> caffeine;

	/** Makes the values and reads each once. */
	@Setup
	public void start() {
		this.context = SpringApplication.run(BenchmarkApplication.class, "--logging.level.root=warn",
				"--spring.main.banner-mode=off",
				"--spring.jpa.properties.hibernate.cache.use_second_level_cache=false");
		this.queries = this.context.getBean(QueryService.class);
		this.offers = this.context.getBean(OfferRepository.class);
		this.caffeine = Caffeine.newBuilder().maximumSize(10_000).recordStats().build();
		try (Build build = this.context.getBean(BuildService.class).open("catalog", "north")) {
			for (int index = 0; index < VALUES; index++) {
				this.ids[index] = 1_000L + index;
				build.writer().write(new Offer(this.ids[index], "offer " + index, index));
			}
			build.seal();
			this.context.getBean(ReleaseService.class).release(build.buildStrate());
		}
		this.reads = this.queries.pinned("catalog", "north");
		for (Long id : this.ids) {
			OfferView view = Objects.requireNonNull(this.queries.pinned("catalog", "north").get(OfferView.class, id));
			this.caffeine.put(id, view);
		}
	}

	/** Stops the application. */
	@TearDown
	public void stop() {
		this.context.close();
	}

	/** The limit. */
	@Benchmark
	public Object caffeine(Position position) {
		return this.caffeine.getIfPresent(this.ids[position.next()]);
	}

	/** The pin alone. */
	@Benchmark
	public Object pin() {
		return this.queries.pinned("catalog", "north");
	}

	/** A hit of L1 under a pin that is there. */
	@Benchmark
	public Object pinnedRead(Position position) {
		return this.reads.get(OfferView.class, this.ids[position.next()]);
	}

	/** The pin and a hit of L1. */
	@Benchmark
	public Object releasedRead(Position position) {
		return this.queries.pinned("catalog", "north").get(OfferView.class, this.ids[position.next()]);
	}

	/** An instance of an entity that is in memory, for this caller alone. */
	@Benchmark
	public Object entity(PinnedPosition position) {
		return this.offers.findById(this.ids[position.next()]);
	}

	/** Where a thread reads in a pinned block. */
	@State(Scope.Thread)
	public static class PinnedPosition extends Position {

		private QueryService.PinHandle pin;

		/** Opens the block. */
		@Setup
		public void pin(ReleasedReads reads) {
			this.pin = reads.queries.pin(List.of(PinRequest.released("catalog", "north")));
			for (Long id : reads.ids) {
				reads.offers.findById(id);
			}
		}

		/** Ends the block. */
		@TearDown
		public void unpin() {
			this.pin.close();
		}

	}

}
