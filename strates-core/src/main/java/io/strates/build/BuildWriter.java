package io.strates.build;

import java.util.stream.Stream;

/**
 * Writes rows to one build.
 *
 * <p>
 * Rows of an entity are stored after those rows of the entities it refers to that were
 * written before. New children in a cascading {@code @OneToMany} or {@code @OneToOne} are
 * written with their parent. The build of a new entity is set by the writer; an entity
 * that was read from another build is copied and left as it is, together with those of
 * its cascading children that are loaded.
 *
 * <p>
 * <b>Consistency:</b> rows are invisible to readers until the build is released.
 * <b>Atomicity:</b> rows are collected and stored in chunks; a chunk is one transaction
 * of its own, whatever transaction the caller is in. After a crash the stored chunks are
 * removed with their build. <b>Concurrency:</b> thread-safe, any number of threads may
 * share one writer; a call that fills a chunk stores it before it returns, so memory
 * stays bounded by the chunk size, and waits for chunks of the rows that its own refer
 * to. <b>Lifecycle:</b> belongs to its build and ends with it. <b>Failures:</b> once a
 * chunk has failed, every further call fails with the same cause, because the build can
 * no longer be complete.
 *
 * @since 0.1.0
 */
public interface BuildWriter {

	/**
	 * Writes one entity.
	 * @param entity a stratified entity of the scope of the build
	 * @throws ScopeIdMismatchException if it carries another scope id; the build takes no
	 * more rows
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored, now or before
	 * @throws IllegalArgumentException if it is no stratified entity of the scope, or
	 * lacks an id; it is not written, and others still can be
	 * @throws NullPointerException if it is {@code null}; others still can be written
	 */
	void write(Object entity);

	/**
	 * Writes entities in their order. Those before one that is refused are written.
	 * @param entities stratified entities of the scope of the build
	 * @throws ScopeIdMismatchException if one carries another scope id; the build takes
	 * no more rows
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored, now or before
	 * @throws IllegalArgumentException if one is no stratified entity of the scope, or
	 * lacks an id; it is not written, and others still can be
	 * @throws NullPointerException if one or their collection is {@code null}; others
	 * still can be written
	 */
	void writeAll(Iterable<?> entities);

	/**
	 * Writes a stream of entities and closes it. A parallel stream is written by its
	 * threads. Those before one that is refused are written.
	 * @param entities stratified entities of the scope of the build
	 * @throws ScopeIdMismatchException if one carries another scope id; the build takes
	 * no more rows
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored, now or before
	 * @throws IllegalArgumentException if one is no stratified entity of the scope, or
	 * lacks an id; it is not written, and others still can be
	 * @throws NullPointerException if one or the stream is {@code null}; others still can
	 * be written
	 */
	void writeAll(Stream<?> entities);

	/**
	 * Stores what is collected, also that of other threads.
	 * @throws BuildStateException if the build is no longer being written
	 * @throws ChunkFailedException if rows could not be stored, now or before
	 */
	void flush();

}
