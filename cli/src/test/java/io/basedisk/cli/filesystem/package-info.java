/** Commands on file systems that are full or read-only. */
package io.basedisk.cli.filesystem;
