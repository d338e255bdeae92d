/** Everyday accidents around a home on real files: what is refused, and that nothing is lost. */
package io.basedisk.cli.accident;
