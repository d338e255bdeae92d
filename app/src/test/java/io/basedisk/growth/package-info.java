/**
 * Large homes. {@code LargeHomeTest} collects one in little memory; {@code GrowthRun} measures
 * operations in homes of several sizes, which {@code GrownHome} creates.
 */
@NullMarked
package io.basedisk.growth;

import org.jspecify.annotations.NullMarked;
