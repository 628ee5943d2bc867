package io.strates.sample.release;

import java.time.Instant;
import java.util.UUID;

/** A suite as clients see it. */
record SuiteView(String suite, long release, UUID buildStrate, Instant releasedAt, long packages) {
}
