package io.basedisk.domain.model;

/**
 * The result of a check of an image's refcounts and tables.
 *
 * @param errors number of damaged places: data is lost, or may be lost by the next write
 * @param leakedClusters number of unused clusters that are marked as used; they waste space only
 */
public record ImageCheck(long errors, long leakedClusters) {}
