package io.basedisk.domain.model;

/**
 * What a check of an image's refcounts and tables found.
 *
 * @param errors the places where the image is damaged: data may be lost, or be lost by the next
 *     write
 * @param leakedClusters the clusters that are counted as used and that nothing uses: space is
 *     wasted, nothing else
 */
public record ImageCheck(long errors, long leakedClusters) {}
