/** Commands that are killed before any of their steps, and what the next command makes of it. */
package io.basedisk.cli.crash;
