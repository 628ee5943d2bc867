package io.strates.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How the channel between the nodes does, as one node sees it.
 *
 * @param trusted whether this node's own last message came back in time
 * @param received how many messages of other nodes came
 * @param silence how long ago the last message of any node came, or {@code null} if none
 * ever did
 * @param lag how long this node's last message took to come back, or {@code null} if none
 * ever did
 * @param gaps how often messages were missing, so that memory was emptied
 * @param breaker the state of the breaker before the tier, {@code "OPEN"} also while
 * there is no connection, or {@code "none"} without a tier
 * @since 0.1.0
 */
public record ChannelStatistics(boolean trusted, long received, @Nullable Duration silence, @Nullable Duration lag,
		long gaps, String breaker) {
}
