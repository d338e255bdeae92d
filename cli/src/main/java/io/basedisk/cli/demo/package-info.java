/** The main job, end to end on a scratch home, told step by step. */
@NullMarked
package io.basedisk.cli.demo;

import org.jspecify.annotations.NullMarked;
