/**
 * The examination of a home: where store, files and headers disagree. {@link
 * io.basedisk.domain.doctor.Doctor} is the start; it makes {@link
 * io.basedisk.domain.doctor.Finding}s. A finding has a {@link io.basedisk.domain.doctor.Repair},
 * which a repair makes by itself, or a {@link io.basedisk.domain.error.Remedy} for a person.
 */
@NullMarked
package io.basedisk.domain.doctor;

import org.jspecify.annotations.NullMarked;
