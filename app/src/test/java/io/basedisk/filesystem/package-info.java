/** Real file systems on disks that are imported, forked, changed and flattened. */
package io.basedisk.filesystem;
