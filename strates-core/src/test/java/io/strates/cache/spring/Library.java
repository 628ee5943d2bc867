package io.strates.cache.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

/** A service as applications write it, on a database that all nodes share. */
class Library {

	private final Map<String, String> database;

	private final AtomicInteger calls = new AtomicInteger();

	private volatile Runnable meanwhile = () -> {
	};

	Library(Map<String, String> database) {
		this.database = database;
	}

	static Map<String, String> database() {
		return new ConcurrentHashMap<>();
	}

	/** What happens while a method runs, after it has read. */
	void meanwhile(Runnable work) {
		this.meanwhile = work;
	}

	int calls() {
		return this.calls.get();
	}

	private @Nullable String read(String isbn) {
		this.calls.incrementAndGet();
		String title = this.database.get(isbn);
		Runnable work = this.meanwhile;
		this.meanwhile = () -> {
		};
		work.run();
		return title;
	}

	@Cacheable("books")
	public @Nullable Book find(String isbn) {
		String title = read(isbn);
		return (title != null) ? new Book(isbn, title) : null;
	}

	@Cacheable(cacheNames = "books", sync = true)
	public @Nullable Book findOnce(String isbn) {
		String title = read(isbn);
		return (title != null) ? new Book(isbn, title) : null;
	}

	@Cacheable("books")
	public Optional<Book> findIfPresent(String isbn) {
		String title = read(isbn);
		return (title != null) ? Optional.of(new Book(isbn, title)) : Optional.empty();
	}

	@Cacheable("books")
	public CompletableFuture<Book> findLater(String isbn) {
		return CompletableFuture.supplyAsync(() -> new Book(isbn, String.valueOf(read(isbn))));
	}

	@Cacheable(cacheNames = "books", sync = true)
	public CompletableFuture<Book> findLaterOnce(String isbn) {
		return CompletableFuture.supplyAsync(() -> new Book(isbn, String.valueOf(read(isbn))));
	}

	@Cacheable("books")
	public Mono<Book> findReactively(String isbn) {
		return Mono.fromSupplier(() -> new Book(isbn, String.valueOf(read(isbn))));
	}

	@Cacheable("shelves")
	public List<Book> shelf(String title) {
		read(title);
		return new ArrayList<>(List.of(new Book("1", title), new Book("2", title)));
	}

	@Cacheable("drafts")
	public Draft draft(String title) {
		read(title);
		return new Draft(title);
	}

	@Cacheable("mixed")
	public Book mixedBook(String isbn) {
		return new Book(isbn, String.valueOf(read(isbn)));
	}

	@Cacheable("mixed")
	public List<Draft> mixedDrafts(int number) {
		read("");
		return new ArrayList<>(List.of(new Draft(String.valueOf(number))));
	}

	@Cacheable("anything")
	public Object anything(Object answer) {
		read("");
		return (answer instanceof String) ? answer : new Draft("open");
	}

	@CachePut(cacheNames = "books", key = "#isbn")
	public Book rename(String isbn, String title) {
		this.database.put(isbn, title);
		return new Book(isbn, title);
	}

	@CacheEvict("books")
	public void forget(String isbn) {
	}

	@CacheEvict(cacheNames = "books", key = "#isbn")
	public void change(String isbn, String title) {
		this.database.put(isbn, title);
	}

	@CacheEvict(cacheNames = "books", allEntries = true)
	public void forgetAll() {
	}

	/** A value that cannot change. */
	record Book(String isbn, String title) {
	}

	/** A value that can. */
	static class Draft {

		private String title = "";

		Draft() {
		}

		Draft(String title) {
			this.title = title;
		}

		public String getTitle() {
			return this.title;
		}

		public void setTitle(String title) {
			this.title = title;
		}

	}

}
