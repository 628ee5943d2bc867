package io.strates.sample.catalog;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.strates.sample.debian.DependencyType;
import jakarta.persistence.QueryHint;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;

/** The dependencies of the state that is pinned. */
interface DependencyRepository extends JpaRepository<Dependency, String> {

	/** Returns dependent's name and dependency, each package's in their order. */
	@Query("""
			select d.dependent.id, d from Dependency d
			where d.dependent.id in :names
			order by d.type, d.clause, d.alternative
			""")
	List<Object[]> findByDependents(Collection<String> names);

	/** Returns the names of packages that name a target in fields of certain types. */
	@Query("select distinct d.dependent.id from Dependency d where d.target = :target and d.type in :types")
	List<String> findDependents(String target, Collection<DependencyType> types);

	/** Streams dependent's name and dependency: inside a transaction, to be closed. */
	@Query("select d.dependent.id, d from Dependency d")
	@QueryHints({ @QueryHint(name = Streaming.FETCH_SIZE, value = Streaming.ROWS),
			@QueryHint(name = Streaming.READ_ONLY, value = "true") })
	Stream<Object[]> streamRows();

}
