/**
 * The operating system: the file and lock calls that Java lacks, through JNA on Linux, with a
 * fallback in Java alone.
 */
@NullMarked
package io.basedisk.qcow2.os;

import org.jspecify.annotations.NullMarked;
