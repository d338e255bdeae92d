package io.basedisk.domain.model.artifact;

/**
 * What a disk runs on, in the words of the OCI image specification (those of Go).
 *
 * @param architecture processor architecture, for example {@code amd64} or {@code arm64}
 * @param os operating system of the guest, for example {@code linux}
 */
public record Platform(String architecture, String os) {}
