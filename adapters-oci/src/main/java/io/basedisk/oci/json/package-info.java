/** JSON documents from hostile places, and the documents that we write: always the same bytes. */
@NullMarked
package io.basedisk.oci.json;

import org.jspecify.annotations.NullMarked;
