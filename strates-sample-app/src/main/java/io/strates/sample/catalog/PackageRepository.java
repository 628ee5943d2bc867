package io.strates.sample.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import jakarta.persistence.QueryHint;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;

/** The packages of the state that is pinned. */
interface PackageRepository extends JpaRepository<DebianPackage, String>, JpaSpecificationExecutor<DebianPackage> {

	@Query("""
			select p from DebianPackage p
			left join fetch p.section
			left join fetch p.maintainer
			where p.id in :names
			""")
	List<DebianPackage> findDetailed(Collection<String> names);

	@Override
	@EntityGraph(attributePaths = "section")
	Page<DebianPackage> findAll(@Nullable Specification<DebianPackage> specification, Pageable page);

	/** Returns those of the names that packages have. */
	@Query("select p.id from DebianPackage p where p.id in :names")
	Set<String> findNames(Collection<String> names);

	@Query("select p.id as name, p.version as version from DebianPackage p where p.id in :names")
	List<NameAndVersion> findVersions(Collection<String> names);

	/** Streams what an overlay compares: inside a transaction, to be closed. */
	@Query("""
			select p.id as name, p.version as version, s.id as section, m.contact as maintainer
			from DebianPackage p left join p.section s left join p.maintainer m
			""")
	@QueryHints(@QueryHint(name = Streaming.FETCH_SIZE, value = Streaming.ROWS))
	Stream<LivePackage> streamVersions();

	/** Streams name and package: inside a transaction, to be closed. */
	@Query("select p.id, p from DebianPackage p")
	@QueryHints({ @QueryHint(name = Streaming.FETCH_SIZE, value = Streaming.ROWS),
			@QueryHint(name = Streaming.READ_ONLY, value = "true") })
	Stream<Object[]> streamRows();

	/** A package and its version. */
	interface NameAndVersion {

		String getName();

		String getVersion();

	}

	/** What an overlay needs to know of a package that is live. */
	interface LivePackage {

		String getName();

		String getVersion();

		@Nullable String getSection();

		@Nullable String getMaintainer();

	}

}
