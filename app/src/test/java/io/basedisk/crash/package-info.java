/**
 * Crash tests of whole homes with the real adapters: killed processes, competing processes, VMs
 * that open disks at the worst moment, and failing or full disks. {@code OpenHome} is the home
 * under test, {@code Operation} lists the operations, and {@code Audit} compares a home with what
 * its processes logged in {@code Model}s. Start at {@code KillTest}.
 */
package io.basedisk.crash;
