/** Large homes: that they are collected in little memory, and how operations grow with them. */
@NullMarked
package io.basedisk.growth;

import org.jspecify.annotations.NullMarked;
