/** The words of the domain as types: records that are valid by construction. */
@NullMarked
package io.basedisk.domain.model;

import org.jspecify.annotations.NullMarked;
