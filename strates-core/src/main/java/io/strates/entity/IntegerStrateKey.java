package io.strates.entity;

import java.util.UUID;

/**
 * The key of a stratified entity whose id is an {@code Integer}.
 *
 * @param id the application's own id
 * @param buildStrate the build that the row belongs to
 * @since 0.1.0
 */
public record IntegerStrateKey(Integer id, UUID buildStrate) implements StrateKey {
}
