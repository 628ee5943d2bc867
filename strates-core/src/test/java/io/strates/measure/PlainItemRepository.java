package io.strates.measure;

import org.springframework.data.jpa.repository.JpaRepository;

interface PlainItemRepository extends JpaRepository<PlainItem, PlainItem.Key> {

}
