/** What operations did as events of Java Flight Recorder. */
@NullMarked
package io.basedisk.app.jfr;

import org.jspecify.annotations.NullMarked;
