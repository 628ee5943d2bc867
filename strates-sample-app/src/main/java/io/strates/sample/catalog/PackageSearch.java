package io.strates.sample.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.strates.sample.web.BadRequestException;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import jakarta.persistence.criteria.Subquery;
import org.jspecify.annotations.Nullable;

import org.springframework.data.jpa.domain.Specification;

/**
 * Which packages a list is to show; what is left out or blank does not restrict it.
 *
 * @param section the section that they belong to
 * @param tag a tag that they bear
 * @param text a part of the name or the description, in any case of letters
 */
record PackageSearch(@Nullable String section, @Nullable String tag,
		@Nullable String text) implements Specification<DebianPackage> {

	private static final char ESCAPE = '\\';

	PackageSearch {
		section = checked("section", section);
		tag = checked("tag", tag);
		text = checked("q", text);
	}

	/** A database refuses this character in any text. */
	private static @Nullable String checked(String parameter, @Nullable String value) {
		if (value == null || value.isBlank()) {
			return null;
		}
		if (value.indexOf('\0') >= 0) {
			throw new BadRequestException("Parameter %s has the character U+0000".formatted(parameter));
		}
		return value.strip();
	}

	@Override
	public @Nullable Predicate toPredicate(Root<DebianPackage> root, CriteriaQuery<?> query, CriteriaBuilder builder) {
		List<Predicate> all = new ArrayList<>();
		if (this.section != null) {
			all.add(builder.equal(root.get("section").get("id"), this.section));
		}
		if (this.tag != null) {
			all.add(builder.exists(bearing(this.tag, root, query, builder)));
		}
		if (this.text != null) {
			String pattern = '%' + escaped(this.text.toLowerCase(Locale.ROOT)) + '%';
			all.add(builder.or(builder.like(builder.lower(root.get("id")), pattern, ESCAPE),
					builder.like(builder.lower(root.get("description")), pattern, ESCAPE)));
		}
		return builder.and(all.toArray(Predicate[]::new));
	}

	private static Subquery<Integer> bearing(String tag, Root<DebianPackage> root, CriteriaQuery<?> query,
			CriteriaBuilder builder) {
		Subquery<Integer> bearing = query.subquery(Integer.class);
		Root<PackageTag> packageTag = bearing.from(PackageTag.class);
		return bearing.select(builder.literal(1))
			.where(builder.equal(packageTag.get("debianPackage").get("id"), root.get("id")),
					builder.equal(packageTag.get("tag").get("id"), tag));
	}

	/** Takes the meaning from what means something in a pattern. */
	private static String escaped(String text) {
		return text.replaceAll("[%_\\\\]", "\\\\$0");
	}

}
