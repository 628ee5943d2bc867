package io.strates.store.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.strates.store.Search;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.Expression;
import jakarta.persistence.criteria.Nulls;
import jakarta.persistence.criteria.Order;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import org.hibernate.QueryException;
import org.hibernate.StatelessSession;
import org.hibernate.query.SelectionQuery;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Example;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.convert.QueryByExamplePredicateBuilder;
import org.springframework.data.jpa.domain.Specification;

/**
 * Runs searches as queries of Hibernate. What a search is ordered by is one of the
 * entity's attributes: the store has checked it.
 */
final class HibernateSearch<T> {

	private final Class<T> type;

	private final String entityName;

	HibernateSearch(Class<T> type, String entityName) {
		this.type = type;
		this.entityName = entityName;
	}

	List<T> run(StatelessSession session, Search<T> search) {
		SelectionQuery<T> query = query(session, search, true);
		if (search.maximum() < Integer.MAX_VALUE) {
			query.setMaxResults(search.maximum());
		}
		if (search.skipped() > 0) {
			query.setFirstResult(search.skipped());
		}
		return query.getResultList();
	}

	long count(StatelessSession session, Search<T> search) {
		return query(session, search, false).getResultCount();
	}

	private SelectionQuery<T> query(StatelessSession session, Search<T> search, boolean ordered) {
		String jpql = search.jpql();
		if (jpql == null) {
			return session.createSelectionQuery(criteria(session.getCriteriaBuilder(), search, ordered));
		}
		String text = search.isWholeQuery() ? jpql : "select e from " + this.entityName + " e where (" + jpql + ")"
				+ (ordered ? orderBy(search.order()) : "");
		SelectionQuery<T> query;
		try {
			query = session.createSelectionQuery(text, this.type);
		}
		catch (QueryException ex) {
			throw new IllegalArgumentException("The JPQL of a search is wrong: " + ex.getMessage(), ex);
		}
		search.parameters().forEach(query::setParameter);
		return query;
	}

	private static String orderBy(Sort sort) {
		if (sort.isUnsorted()) {
			return "";
		}
		return sort.stream().map((order) -> {
			String path = "e." + order.getProperty();
			String nulls = switch (order.getNullHandling()) {
				case NATIVE -> "";
				case NULLS_FIRST -> " nulls first";
				case NULLS_LAST -> " nulls last";
			};
			return (order.isIgnoreCase() ? "lower(" + path + ")" : path) + (order.isAscending() ? " asc" : " desc")
					+ nulls;
		}).collect(Collectors.joining(", ", " order by ", ""));
	}

	private CriteriaQuery<T> criteria(CriteriaBuilder builder, Search<T> search, boolean ordered) {
		CriteriaQuery<T> query = builder.createQuery(this.type);
		Root<T> root = query.from(this.type);
		query.select(root);
		Predicate predicate = predicate(builder, query, root, search);
		if (predicate != null) {
			query.where(predicate);
		}
		if (ordered && search.order().isSorted()) {
			List<Order> orders = new ArrayList<>();
			search.order().forEach((order) -> orders.add(order(builder, root, order)));
			query.orderBy(orders);
		}
		return query;
	}

	private @Nullable Predicate predicate(CriteriaBuilder builder, CriteriaQuery<T> query, Root<T> root,
			Search<T> search) {
		Specification<T> specification = search.specification();
		if (specification != null) {
			return specification.toPredicate(root, query, builder);
		}
		Example<T> example = search.example();
		return (example != null) ? QueryByExamplePredicateBuilder.getPredicate(root, builder, example) : null;
	}

	@SuppressWarnings("unchecked")
	private static Order order(CriteriaBuilder builder, Root<?> root, Sort.Order order) {
		Path<?> path = root;
		for (String name : order.getProperty().split("\\.", -1)) {
			path = path.get(name);
		}
		Expression<?> expression = order.isIgnoreCase() ? builder.lower((Expression<String>) path) : path;
		Nulls nulls = switch (order.getNullHandling()) {
			case NATIVE -> Nulls.NONE;
			case NULLS_FIRST -> Nulls.FIRST;
			case NULLS_LAST -> Nulls.LAST;
		};
		return order.isAscending() ? builder.asc(expression, nulls) : builder.desc(expression, nulls);
	}

}
