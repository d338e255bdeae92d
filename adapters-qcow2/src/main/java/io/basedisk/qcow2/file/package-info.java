/** The domain's file and lock ports on the file systems of this machine. */
@NullMarked
package io.basedisk.qcow2.file;

import org.jspecify.annotations.NullMarked;
