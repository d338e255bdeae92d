/**
 * Metrics of a home for Micrometer. {@link io.basedisk.micrometer.MetricsListener} counts and times
 * what operations do; {@link io.basedisk.micrometer.HomeGauges} shows how large a home is.
 */
@NullMarked
package io.basedisk.micrometer;

import org.jspecify.annotations.NullMarked;
