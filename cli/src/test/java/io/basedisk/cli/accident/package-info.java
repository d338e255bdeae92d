/** Everyday accidents to a home on real files: commands are refused, and no data is lost. */
package io.basedisk.cli.accident;
