package io.strates.readme.shop;

import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;

// @start region=repository
public interface ProductRepository extends JpaRepository<Product, Long> {

	List<Product> findByPriceLessThan(int price);

}
// @end
