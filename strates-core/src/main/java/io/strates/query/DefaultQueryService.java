package io.strates.query;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildService;
import io.strates.build.BuildStateException;
import io.strates.cache.Tiers;
import io.strates.entity.NotPinnedException;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedType;
import io.strates.internal.Arguments;
import io.strates.internal.BoundBuilds;
import io.strates.internal.Unchecked;
import io.strates.internal.jdbc.Database;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.release.ReleaseNotFoundException;
import io.strates.release.ReleaseService;
import io.strates.release.ReleaseWatcher;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Pins resolved from the release pointers in the database, on the connection of the
 * caller's transaction where there is one: a replica that has not seen a release does not
 * show it.
 */
final class DefaultQueryService implements QueryService {

	private final StratifiedModel model;

	private final Pins pins;

	private final BuildService builds;

	private final ReleaseService releases;

	private final NothingReleased nothingReleased;

	private final List<PinListener> listeners;

	private final DifferenceQuery differences;

	private final ReadModels readModels;

	private final LivePointers pointers;

	/**
	 * What the service is made of.
	 *
	 * @param model the declared scopes
	 * @param schema the stratified tables, asked for when the first difference is
	 * @param pins the pins of threads
	 * @param builds tells of builds
	 * @param releases tells of releases
	 * @param nothingReleased what is read where nothing is released
	 * @param listeners told of every pin
	 * @param dataSource where the business rows are
	 * @param database the database behind it
	 * @param readModels the read models, or {@code null} if there are none
	 * @param watcher knows the pointers, or {@code null} to ask the database
	 * @param staleness how long its last look may be past
	 */
	record Parts(StratifiedModel model, Supplier<StratifiedSchema> schema, Pins pins, BuildService builds,
			ReleaseService releases, NothingReleased nothingReleased, List<PinListener> listeners,
			DataSource dataSource, Database database, @Nullable ReadModels readModels, @Nullable ReleaseWatcher watcher,
			Duration staleness) {
	}

	DefaultQueryService(Parts parts) {
		this.model = parts.model();
		this.pins = parts.pins();
		this.builds = parts.builds();
		this.releases = parts.releases();
		this.nothingReleased = parts.nothingReleased();
		this.listeners = List.copyOf(parts.listeners());
		this.differences = new DifferenceQuery(parts.dataSource(), parts.database(), parts.schema());
		this.readModels = (parts.readModels() != null) ? parts.readModels()
				: new ReadModels(Tiers.builder("none").build(), parts.pins(), parts.model());
		this.pointers = pointers(parts.watcher(), parts.staleness());
	}

	private LivePointers pointers(@Nullable ReleaseWatcher watcher, Duration staleness) {
		Function<Release, PinnedReads> reads = (release) -> this.readModels.of(pin(release));
		if (watcher == null) {
			return new LivePointers(reads, () -> false);
		}
		LivePointers pointers = new LivePointers(reads, watcher.inTouch(staleness));
		watcher.onceKnown(pointers);
		return pointers;
	}

	@Override
	public PinnedReads pinned(String scope, String scopeId) {
		Arguments.notNull(scope, "scope");
		Arguments.notNull(scopeId, "scopeId");
		if (!this.pins.isInUnitOfWork()) {
			PinnedReads live = this.pointers.known(scope, scopeId);
			if (live != null) {
				return live;
			}
		}
		return pinned(PinRequest.released(scope, scopeId));
	}

	@Override
	public PinnedReads pinned(PinRequest request) {
		this.model.root(Arguments.notNull(request, "request").scope());
		return this.readModels.of(this.pins.settle(request, this::resolve));
	}

	@Override
	public <T extends @Nullable Object> T pinned(List<PinRequest> requests, Callable<T> work) {
		Arguments.notNull(work, "work");
		try (PinHandle handle = pin(requests)) {
			return work.call();
		}
		catch (Exception ex) {
			throw Unchecked.rethrow(ex);
		}
	}

	@Override
	public PinHandle pin(List<PinRequest> requests) {
		Arguments.notNull(requests, "requests")
			.forEach((request) -> this.model.root(Arguments.notNull(request, "request").scope()));
		PinHandle handle = this.pins.take(requests, this::resolve);
		try {
			for (PinListener listener : this.listeners) {
				handle.pins().forEach(listener::pinned);
			}
			return handle;
		}
		catch (RuntimeException ex) {
			handle.close();
			throw ex;
		}
	}

	private Pin resolve(PinRequest request) {
		if (request instanceof PinRequest.Preview preview) {
			return preview(preview);
		}
		if (request instanceof PinRequest.Numbered number) {
			return readable(this.releases.get(number.scope(), number.scopeId(), number.number()));
		}
		if (request instanceof PinRequest.AsOf asOf) {
			return this.releases.asOf(asOf.scope(), asOf.scopeId(), asOf.instant())
				.map(this::readable)
				.orElseGet(() -> nothing(asOf));
		}
		return this.releases.current(request.scope(), request.scopeId())
			.map(this::live)
			.orElseGet(() -> nothing(request));
	}

	/** A transaction sees releases of its own that nobody may ever see. */
	private Pin live(Release release) {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			this.pointers.released(release);
		}
		return pin(release);
	}

	private Pin preview(PinRequest.Preview preview) {
		BuildInfo build = this.builds.get(preview.buildStrate());
		if (!build.scope().equals(preview.scope()) || !build.scopeId().equals(preview.scopeId())) {
			throw new BuildNotFoundException(preview.buildStrate(), build.describe() + " is not a build of "
					+ preview.scope() + "/" + preview.scopeId() + "; pin it under its own scope id");
		}
		if (!build.status().isReadable()) {
			throw new BuildStateException(build, "only a sealed build can be read");
		}
		return new ResolvedPin(build.scope(), build.scopeId(), build.buildStrate(), null);
	}

	/** An earlier release may have lost its rows; the live one never has. */
	private Pin readable(Release release) {
		BuildInfo build = this.builds.get(release.buildStrate());
		if (!build.status().isReadable()) {
			throw new ReleaseNotFoundException(release.scope(), release.scopeId(), release.number(),
					release.describe() + " is collected: the rows of build " + release.buildStrate()
							+ " are gone; read a newer release, or keep more with strates.gc.keep-releases");
		}
		return pin(release);
	}

	private static Pin pin(Release release) {
		return new ResolvedPin(release.scope(), release.scopeId(), release.buildStrate(), release.number());
	}

	private Pin nothing(PinRequest request) {
		if (this.nothingReleased == NothingReleased.FAIL) {
			throw new NothingReleasedException(request.scope(), request.scopeId());
		}
		return new ResolvedPin(request.scope(), request.scopeId(), BoundBuilds.NOTHING, null);
	}

	@Override
	public Pin current(String scope) {
		this.model.root(Arguments.notNull(scope, "scope"));
		Pin pin = this.pins.current(scope);
		if (pin == null) {
			throw new NotPinnedException(scope);
		}
		return pin;
	}

	@Override
	public Optional<Release> currentRelease(String scope, String scopeId) {
		return this.releases.current(scope, scopeId);
	}

	@Override
	public List<Release> history(String scope, String scopeId) {
		return this.releases.history(scope, scopeId);
	}

	@Override
	public Map<String, Long> rowCounts(UUID buildStrate) {
		return this.builds.get(Arguments.notNull(buildStrate, "buildStrate")).rowCounts();
	}

	@Override
	public Stream<Difference> difference(Class<?> entity, PinRequest from, PinRequest to) {
		StratifiedType type = this.model.require(Arguments.notNull(entity, "entity"));
		Arguments.notNull(from, "from");
		Arguments.notNull(to, "to");
		if (!from.scope().equals(to.scope()) || !from.scopeId().equals(to.scopeId())) {
			throw new IllegalArgumentException("The states of " + from.scope() + "/" + from.scopeId() + " and "
					+ to.scope() + "/" + to.scopeId() + " have nothing in common; compare two of one scope id");
		}
		if (!type.scope().equals(from.scope())) {
			throw new IllegalArgumentException(type.name() + " belongs to scope '" + type.scope()
					+ "'; compare states of that scope instead of '" + from.scope() + "'");
		}
		return this.differences.between(type, compared(from).buildStrate(), compared(to).buildStrate());
	}

	/** To this unit of work, what is released is what it has pinned. */
	private Pin compared(PinRequest request) {
		Pin pinned = (request instanceof PinRequest.Released) ? this.pins.known(request.scope(), request.scopeId())
				: null;
		return (pinned != null) ? pinned : resolve(request);
	}

}
