package io.strates.sample.watch;

import java.util.List;
import java.util.Map;

import io.strates.sample.catalog.PackageNames;
import io.strates.sample.suite.Suites;
import io.strates.sample.view.ViewCounter;
import io.strates.sample.web.NotFoundException;
import io.strates.sample.web.UnreadableBody;
import io.strates.store.Search;
import io.strates.store.TieredStore;

import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Notes on packages. */
@RestController
@RequestMapping(path = "/api/watches/{suite}", produces = MediaType.APPLICATION_JSON_VALUE)
class WatchController {

	private static final int MOST = 500;

	private final TieredStore<Watch, String> watches;

	private final PackageNames packages;

	private final ViewCounter views;

	WatchController(TieredStore<Watch, String> watches, PackageNames packages, ViewCounter views) {
		this.watches = watches;
		this.packages = packages;
		this.views = views;
	}

	/** The notes of a suite by name, at most as many as one can look through. */
	@GetMapping
	List<WatchView> list(@PathVariable String suite) {
		Search<Watch> ofSuite = Search.matching("e.suite = :suite", Map.of("suite", Suites.requireKnowable(suite)));
		List<Watch> found = this.watches.searchCached(ofSuite.sort(Sort.by("name")).limit(MOST));
		Map<String, Long> counts = this.views.views(suite, found.stream().map(Watch::getName).toList());
		return found.stream().map((watch) -> WatchView.of(watch, counts.get(watch.getName()))).toList();
	}

	@GetMapping("/{name}")
	WatchView get(@PathVariable String suite, @PathVariable String name) {
		return this.watches.find(id(suite, name)).map(this::view).orElseThrow(() -> unknown(suite, name));
	}

	@PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<WatchView> put(@PathVariable String suite, @PathVariable String name,
			@RequestBody WatchRequest request) {
		String note = request.requireNote();
		String id = id(suite, this.packages.requireLive(suite, name));
		boolean known = this.watches.exists(id);
		this.watches.put(new Watch(suite, name, note));
		return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.CREATED).body(view(this.watches.get(id)));
	}

	@DeleteMapping("/{name}")
	ResponseEntity<Void> delete(@PathVariable String suite, @PathVariable String name) {
		String id = id(suite, name);
		if (!this.watches.exists(id)) {
			throw unknown(suite, name);
		}
		this.watches.delete(id);
		return ResponseEntity.noContent().build();
	}

	@ExceptionHandler
	ResponseEntity<Object> unreadable(HttpMessageNotReadableException failure) {
		return UnreadableBody.answer(failure, WatchRequest.EXAMPLE);
	}

	private WatchView view(Watch watch) {
		return WatchView.of(watch, this.views.views(watch.getSuite(), List.of(watch.getName())).get(watch.getName()));
	}

	private static String id(String suite, String name) {
		return Watch.id(Suites.requireKnowable(suite), name);
	}

	private static NotFoundException unknown(String suite, String name) {
		return new NotFoundException("There is no note on package \"%s\" of %s".formatted(name, suite));
	}

}
