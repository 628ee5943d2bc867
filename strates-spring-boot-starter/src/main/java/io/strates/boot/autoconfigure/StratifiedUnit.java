package io.strates.boot.autoconfigure;

import javax.sql.DataSource;

import jakarta.persistence.EntityManagerFactory;

import org.springframework.orm.jpa.JpaTransactionManager;

/** The persistence unit that holds the stratified entities, and its transactions. */
record StratifiedUnit(EntityManagerFactory factory, JpaTransactionManager transactionManager, DataSource dataSource) {
}
