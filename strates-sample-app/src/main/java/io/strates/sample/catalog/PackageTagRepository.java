package io.strates.sample.catalog;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import jakarta.persistence.QueryHint;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;

/** Which packages bear which tags, in the state that is pinned. */
interface PackageTagRepository extends JpaRepository<PackageTag, String> {

	/** Returns name of package and name of tag, in the order of the tags. */
	@Query("select t.debianPackage.id, t.tag.id from PackageTag t where t.debianPackage.id in :names order by t.tag.id")
	List<Object[]> findTags(Collection<String> names);

	/**
	 * Streams name of package and name of tag: inside a transaction, to be closed.
	 */
	@Query("select t.debianPackage.id, t.tag.id from PackageTag t")
	@QueryHints(@QueryHint(name = Streaming.FETCH_SIZE, value = Streaming.ROWS))
	Stream<Object[]> streamNames();

	/** Streams package's name and its tag: inside a transaction, to be closed. */
	@Query("select t.debianPackage.id, t from PackageTag t")
	@QueryHints({ @QueryHint(name = Streaming.FETCH_SIZE, value = Streaming.ROWS),
			@QueryHint(name = Streaming.READ_ONLY, value = "true") })
	Stream<Object[]> streamRows();

}
