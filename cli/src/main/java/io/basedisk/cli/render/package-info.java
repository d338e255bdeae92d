/** What commands show: each result as a document that is text for people or JSON for programs. */
@NullMarked
package io.basedisk.cli.render;

import org.jspecify.annotations.NullMarked;
