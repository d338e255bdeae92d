/**
 * Tar archives of hostile senders, read as streams: names, links and sparse files are told, never
 * followed.
 */
@NullMarked
package io.basedisk.oci.tar;

import org.jspecify.annotations.NullMarked;
