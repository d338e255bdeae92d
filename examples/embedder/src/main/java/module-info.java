/** A program that embeds basedisk, on the module path. */
@SuppressWarnings("requires-automatic") // basedisk's jars name their modules in their manifests.
module example.embedder {
  requires io.basedisk.app;
  requires io.basedisk.domain;
  requires com.google.common; // Results are immutable collections of Guava.
}
