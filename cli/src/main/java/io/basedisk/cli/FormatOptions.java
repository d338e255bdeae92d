package io.basedisk.cli;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.image.CompressionType;
import io.basedisk.domain.model.ByteSize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a new qcow2 image in {@code qemu-img}'s {@code -o}. Those that say what holds here
 * anyway are accepted, the others refused with what to use.
 */
final class FormatOptions {

  private static final String CLUSTER_SIZE = "cluster_size";
  private static final String COMPRESSION_TYPE = "compression_type";

  private static final ImmutableSet<String> OFF = ImmutableSet.of("off", "false", "no");

  /** The values of options that say what holds here anyway. */
  private static final ImmutableMap<String, ImmutableSet<String>> ACCEPTED =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("compat", ImmutableSet.of("1.1", "v3"))
          .put("refcount_bits", ImmutableSet.of("16"))
          .put("lazy_refcounts", OFF)
          .put("extended_l2", OFF)
          .put("preallocation", ImmutableSet.of("off"))
          .put("data_file_raw", OFF)
          .put("encryption", OFF)
          .put("nocow", OFF)
          .buildOrThrow();

  /** What to use in place of the options that are refused. */
  private static final ImmutableMap<String, String> INSTEAD =
      ImmutableMap.<String, String>builder()
          .put("compat", "new images have version 3; 'qemu-img amend -o compat=0.10' changes it")
          .put(
              "refcount_bits", "new images have 16; 'qemu-img amend -o refcount_bits=N' changes it")
          .put("lazy_refcounts", "set it with 'qemu-img amend -o lazy_refcounts=on' afterwards")
          .put("extended_l2", "new images have none; use 'qemu-img create'")
          .put(
              "preallocation", "new images take space when they are written; use 'qemu-img create'")
          .put("backing_file", "use -b BACKING -F FORMAT")
          .put("backing_fmt", "use -b BACKING -F FORMAT")
          .put("size", "give the size as SIZE")
          .put("data_file", "an image is one file here; images with a data file are not opened")
          .put("data_file_raw", "an image is one file here; images with a data file are not opened")
          .put("encryption", "encrypted images are not supported; encrypt the file system instead")
          .put("nocow", "set it on the directory with 'chattr +C'")
          .buildOrThrow();

  private final Argument<List<String>> given;

  FormatOptions(Arguments takes) {
    this.given =
        takes.repeatableOption(
            "-o",
            "OPTIONS",
            text -> text,
            "Options of the new image, as in qemu-img: cluster_size=SIZE,"
                + " compression_type=zlib|zstd. Others are accepted if they say what holds anyway,"
                + " such as lazy_refcounts=off.");
  }

  boolean isGiven() {
    return given.isGiven();
  }

  /**
   * {@return the cluster size in bytes; empty if it is not given}
   *
   * @throws InvalidArgumentException if an option is unknown or not supported
   */
  Optional<Integer> clusterSize() {
    return Optional.ofNullable(values().get(CLUSTER_SIZE))
        .map(text -> Ints.saturatedCast(ByteSize.parse(text).bytes()));
  }

  /**
   * {@return the compression type; empty if it is not given}
   *
   * @throws InvalidArgumentException if an option is unknown or not supported
   */
  Optional<CompressionType> compressionType() {
    return Optional.ofNullable(values().get(COMPRESSION_TYPE)).map(CompressionName::parse);
  }

  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String group : given.or(ImmutableList.of())) {
      for (String option : Splitter.on(',').omitEmptyStrings().split(group)) {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        // As in qemu-img, a name alone switches the option on.
        String value = equals < 0 ? "on" : option.substring(equals + 1);
        requireSupported(name, value);
        values.put(name, value);
      }
    }
    return values;
  }

  private static void requireSupported(String name, String value) {
    if (name.equals(CLUSTER_SIZE) || name.equals(COMPRESSION_TYPE)) {
      return;
    }
    if (ACCEPTED.getOrDefault(name, ImmutableSet.of()).contains(value)) {
      return;
    }
    String instead = INSTEAD.get(name.startsWith("encrypt.") ? "encryption" : name);
    throw new InvalidArgumentException(
        instead == null
            ? "-o: there is no option '" + name + "' of qcow2"
            : "-o " + name + "=" + value + " is not supported: " + instead);
  }
}
