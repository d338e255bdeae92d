/**
 * The home as a whole: which home it is, whether it is where its store says, and whether the store
 * is the current one.
 *
 * <p>{@code HomeGate} decides at opening, and before each change, whether the home may be changed.
 * {@code GuardedStore} asks it before each write, and counts the writes in the stamp. {@code
 * IdentityFile} is {@code home.json}. {@code HomeRelocation} makes a home that was moved or copied
 * usable where it is.
 */
@NullMarked
package io.basedisk.domain.home;

import org.jspecify.annotations.NullMarked;
