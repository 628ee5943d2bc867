package io.strates.shop;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Query;

public interface ProductRepository extends JpaRepository<Product, Long>, JpaSpecificationExecutor<Product> {

	interface NameOnly {

		String getName();

	}

	record NameAndPrice(String name, int price) {
	}

	List<Product> findByPriceLessThanOrderById(int price);

	long countByNameStartingWith(String prefix);

	boolean existsByName(String name);

	List<NameOnly> findByPriceGreaterThanOrderById(int price);

	@Query("select new io.strates.shop.ProductRepository$NameAndPrice(p.name, p.price) from Product p order by p.id")
	List<NameAndPrice> namesAndPrices();

	@EntityGraph(attributePaths = { "catalog", "tags.tag" })
	List<Product> findByIdIn(Set<Long> ids);

	Page<Product> findByCatalogShop(String shop, Pageable page);

	@Query(value = "select count(*) from product", nativeQuery = true)
	long countNatively();

	@Query(value = "select count(*) from product p where p.build_strate = :build", nativeQuery = true)
	long countNatively(UUID build);

}
