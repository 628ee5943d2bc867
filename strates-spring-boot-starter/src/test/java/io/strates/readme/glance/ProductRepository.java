package io.strates.readme.glance;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;

/** The repository that the first screen uses. */
interface ProductRepository extends JpaRepository<Product, Long> {

	List<Product> findByPriceLessThan(int price);

}
