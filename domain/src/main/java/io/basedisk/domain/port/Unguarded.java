package io.basedisk.domain.port;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.inject.Qualifier;

/**
 * Marks the store without its guard: it does not check that the home may be changed, and does not
 * count writes. Only the classes that make this check or repair the home inject it. All other
 * classes inject the store without a qualifier.
 */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
public @interface Unguarded {}
