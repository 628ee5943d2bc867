package io.strates.store;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Encrypts a {@code String} attribute of a {@link Tiered} entity in the database and in
 * L2 with AES-256-GCM. Clear text is in L1 and in what callers hold.
 *
 * <p>
 * The column needs four characters for every three bytes, begun or whole, of the text in
 * UTF-8, the key's id and 30 bytes more: 176 for 100 bytes under a key {@code k1}. The
 * cipher text is bound to its entity type, attribute and id: moved elsewhere it does not
 * decrypt. No search can compare it. Only the store decrypts: whoever reads the entity
 * with an entity manager gets the cipher text.
 *
 * @since 0.1.0
 * @see EncryptionKeys
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD })
public @interface Encrypted {

}
