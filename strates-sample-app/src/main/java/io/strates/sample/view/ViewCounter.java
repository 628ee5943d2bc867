package io.strates.sample.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.store.StoreException;
import io.strates.store.TieredStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Counts how often packages are looked at. Whoever looks does not wait: views are added
 * up in memory, and now and then to what all nodes have counted. What two nodes add to
 * one package in the same moment may count once; nobody is paid by these numbers.
 */
@Component
public class ViewCounter {

	private static final Logger log = LoggerFactory.getLogger(ViewCounter.class);

	private final TieredStore<PackageViews, String> store;

	private final Map<String, Long> added = new ConcurrentHashMap<>();

	ViewCounter(TieredStore<PackageViews, String> store) {
		this.store = store;
	}

	/**
	 * Counts a view.
	 * @param suite the suite
	 * @param name the name of a package that it has
	 */
	public void viewed(String suite, String name) {
		this.added.merge(id(suite, name), 1L, Long::sum);
	}

	/**
	 * Returns how often packages were looked at, as far as it is added up.
	 * @param suite the suite
	 * @param names the names of the packages
	 * @return the number of views of each, or nothing while that is not known
	 */
	public Map<String, Long> views(String suite, Collection<String> names) {
		Map<String, PackageViews> found;
		try {
			found = this.store.getAll(names.stream().map((name) -> id(suite, name)).toList());
		}
		catch (StoreException ex) {
			log.debug("Nobody can tell how often packages were looked at", ex);
			return Map.of();
		}
		Map<String, Long> views = new HashMap<>();
		for (String name : names) {
			PackageViews counted = found.get(id(suite, name));
			views.put(name, (counted != null) ? counted.getViews() : 0);
		}
		return views;
	}

	/** Adds what this node has counted to what all nodes have. */
	@Scheduled(fixedDelayString = "${sample.views-interval:500ms}")
	public void addUp() {
		for (String id : List.copyOf(this.added.keySet())) {
			Long views = this.added.remove(id);
			if (views == null) {
				continue;
			}
			try {
				long before = this.store.find(id).map(PackageViews::getViews).orElse(0L);
				this.store.put(new PackageViews(id, before + views));
			}
			catch (StoreException ex) {
				this.added.merge(id, views, Long::sum);
				log.debug("Views are added up later", ex);
				return;
			}
		}
	}

	private static String id(String suite, String name) {
		return suite + "/" + name;
	}

}
