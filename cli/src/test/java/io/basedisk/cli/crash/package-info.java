/** Commands that are killed before each of their steps, and the recovery by the next command. */
package io.basedisk.cli.crash;
