/**
 * The domain's random walks on real files: {@code RealWorld} is a home with the standard adapters,
 * {@code FragileRealWorld} one with accidents.
 */
package io.basedisk.walk;
