/**
 * Attacks on whole homes with the real adapters: processes that are killed, that get in each
 * other's way, VMs that open disks at the worst moment, and disks that fail or are full.
 */
package io.basedisk.crash;
