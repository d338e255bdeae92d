package io.basedisk.domain.chain;

import com.google.common.collect.Lists;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.HomeLayout;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calculates the depths of images that share bases, and remembers the depth of each base. Use it
 * for one operation only, because bases may be deleted later. Not thread-safe.
 */
public final class ChainDepths {

  private final HomeLayout home;
  private final DiskFiles files;
  private final DiskImages images;
  private final KnownBases known;
  private final Map<Path, Integer> below = new HashMap<>();

  ChainDepths(HomeLayout home, DiskFiles files, DiskImages images, KnownBases known) {
    this.known = known;
    this.home = home;
    this.files = files;
    this.images = images;
  }

  /**
   * {@return the number of backing files below an image}
   *
   * @param image path of the image
   * @throws NotFoundException if the image does not exist
   * @throws InvalidImageException if a layer is missing or not valid, or the chain is a cycle
   */
  public int below(Path image) {
    ChainWalk walk = new ChainWalk(image, files, images, known);
    List<Path> passed = new ArrayList<>();
    Integer known = null;
    while (known == null) {
      passed.add(walk.current().realPath());
      Optional<Path> next = walk.nextPath();
      known = next.isEmpty() ? Integer.valueOf(-1) : below.get(next.get());
      if (known == null) {
        walk.descend();
      }
    }
    int depth = known;
    for (Path layer : Lists.reverse(passed)) {
      depth++;
      if (home.baseIdOf(layer).isPresent()) {
        below.put(layer, depth);
      }
    }
    return depth;
  }
}
