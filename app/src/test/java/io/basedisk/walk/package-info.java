/** The domain's random walk, over the real adapters. */
package io.basedisk.walk;
