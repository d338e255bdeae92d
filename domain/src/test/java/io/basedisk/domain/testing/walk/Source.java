package io.basedisk.domain.testing.walk;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.ByteSize;
import io.basedisk.domain.model.DiskSlot;
import io.basedisk.domain.model.ImageFormat;
import io.basedisk.domain.model.ImageSource;
import io.basedisk.domain.testing.Content;
import io.basedisk.domain.testing.walk.FleetModel.ModelBox;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** An image whose content is to be taken in, and that content. */
record Source(ImageSource image, Content content) {

  /** A disk of a box, a base, or an image that another program has made. */
  static Source any(Scene scene) {
    if (scene.hasBox() && scene.oneIn(3)) {
      ModelBox box = scene.anyBox();
      DiskSlot slot = scene.any(box.disks().keySet());
      return new Source(ImageSource.qcow2(box.disk(slot)), box.disks().get(slot));
    }
    if (!scene.bases().isEmpty() && scene.oneIn(2)) {
      return scene.oneIn(2)
          ? ofBase(scene, scene.any(scene.bases()).id())
          : overlayOf(scene, scene.any(scene.bases()));
    }
    return newImage(scene);
  }

  static Source ofBase(Scene scene, BaseDiskId base) {
    Path file = scene.world().home().baseFile(base);
    return new Source(ImageSource.qcow2(file), scene.world().read(file));
  }

  /** An image of another program, outside of the home. */
  static Source newImage(Scene scene) {
    Path file = freePath(scene);
    ByteSize size = scene.size();
    scene.world().images().createEmpty(file, size);
    return new Source(ImageSource.qcow2(file), scene.write(file, Content.empty(size)));
  }

  /** One that another program has made on a base; that and those below it are allowed. */
  static Source overlayOf(Scene scene, BaseDisk base) {
    Path file = freePath(scene);
    Content content = scene.overlay(file, base);
    ImageSource image = new ImageSource(file, ImageFormat.QCOW2, chainOf(scene, base));
    return new Source(image, scene.write(file, content));
  }

  static Path freePath(Scene scene) {
    return scene.world().elsewhere().resolve(scene.uniqueName() + ".qcow2");
  }

  private static ImmutableSet<Path> chainOf(Scene scene, BaseDisk top) {
    Map<BaseDiskId, BaseDisk> bases =
        scene.world().store().read(view -> view.bases().list(BaseFilter.ALL)).stream()
            .collect(Collectors.toMap(BaseDisk::id, base -> base));
    ImmutableSet.Builder<Path> chain = ImmutableSet.builder();
    for (BaseDisk base = top; base != null; base = bases.get(base.parentId())) {
      chain.add(base.diskInfo().basePath());
    }
    return chain.build();
  }

  /** Removes the image of another program: what was made of it must not need it. */
  void discard(Scene scene) {
    if (scene.world().elsewhere().equals(image.file().getParent())) {
      scene.world().files().remove(image.file());
    }
  }
}
