package io.basedisk.domain.image;

/** The information about one file of a backing chain. */
public sealed interface LayerInfo permits ImageInfo, RawImageInfo {}
