package io.basedisk.oci.json;

import com.google.common.collect.ImmutableList;
import io.basedisk.oci.blob.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object in a JSON document. Its methods check the type of a member; their errors name the
 * member with its path: {@code layers[2].digest}. A member that is null counts as absent.
 */
public final class JsonObject {

  private final String path;
  private final Map<String, @Nullable Object> members;

  JsonObject(String path, Map<String, @Nullable Object> members) {
    this.path = path;
    this.members = members;
  }

  /** {@return a copy of the names and values, sorted} */
  public Map<String, @Nullable Object> members() {
    return new TreeMap<>(members);
  }

  /**
   * {@return whether there is a member}
   *
   * @param name its name
   */
  public boolean has(String name) {
    return members.get(name) != null;
  }

  /**
   * {@return a string}
   *
   * @param name the name of the member
   * @throws FormatException if it is absent or no string
   */
  public String string(String name) throws FormatException {
    return cast(String.class, "a string", path(name), members.get(name));
  }

  /**
   * {@return a string; empty if it is absent}
   *
   * @param name the name of the member
   * @throws FormatException if it is no string
   */
  public Optional<String> findString(String name) throws FormatException {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  /**
   * {@return an integer, 0 or more}
   *
   * @param name the name of the member
   * @throws FormatException if it is absent, no integer, negative or more than 2<sup>63</sup>-1
   */
  public long number(String name) throws FormatException {
    long number = cast(Long.class, "an integer", path(name), members.get(name));
    if (number < 0) {
      throw new FormatException(path(name) + ": " + number + " is negative");
    }
    return number;
  }

  /**
   * {@return an object}
   *
   * @param name the name of the member
   * @throws FormatException if it is absent or no object
   */
  public JsonObject object(String name) throws FormatException {
    return object(path(name), members.get(name));
  }

  /**
   * {@return an object; empty if it is absent}
   *
   * @param name the name of the member
   * @throws FormatException if it is no object
   */
  public Optional<JsonObject> findObject(String name) throws FormatException {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /**
   * {@return the objects in an array}
   *
   * @param name the name of the member
   * @throws FormatException if it is absent, no array, or has a value of another type
   */
  public ImmutableList<JsonObject> objects(String name) throws FormatException {
    List<JsonObject> objects = new ArrayList<>();
    for (Object value : array(name)) {
      objects.add(object(path(name) + "[" + objects.size() + "]", value));
    }
    return ImmutableList.copyOf(objects);
  }

  /**
   * {@return the strings in an array}
   *
   * @param name the name of the member
   * @throws FormatException if it is absent, no array, or has a value of another type
   */
  public ImmutableList<String> strings(String name) throws FormatException {
    List<String> strings = new ArrayList<>();
    for (Object value : array(name)) {
      strings.add(cast(String.class, "a string", path(name) + "[" + strings.size() + "]", value));
    }
    return ImmutableList.copyOf(strings);
  }

  // Members that other programs write in several ways.

  /**
   * {@return a string, or a number as text; empty if the member is absent or of another type}
   *
   * @param name the name of the member
   */
  public Optional<String> textOrNone(String name) {
    Object value = members.get(name);
    return value instanceof String || value instanceof Number
        ? Optional.of(value.toString())
        : Optional.empty();
  }

  /**
   * {@return an object; one without members if the member is absent or of another type}
   *
   * @param name the name of the member
   */
  public JsonObject objectOrNone(String name) {
    return members.get(name) instanceof Map<?, ?> object
        ? of(path(name), object)
        : new JsonObject(path(name), new TreeMap<>());
  }

  /**
   * {@return the objects in an array, without its other values; none if the member is absent or of
   * another type}
   *
   * @param name the name of the member
   */
  public ImmutableList<JsonObject> objectsOrNone(String name) {
    List<?> values = members.get(name) instanceof List<?> list ? list : List.of();
    ImmutableList.Builder<JsonObject> objects = ImmutableList.builder();
    for (Object value : values) {
      if (value instanceof Map<?, ?> object) {
        objects.add(of(path(name), object));
      }
    }
    return objects.build();
  }

  /**
   * {@return an error about a member}
   *
   * @param name the name of the member
   * @param reason what is wrong with it
   */
  public FormatException invalid(String name, String reason) {
    return new FormatException(path(name) + ": " + reason);
  }

  private List<?> array(String name) throws FormatException {
    return cast(List.class, "an array", path(name), members.get(name));
  }

  private static JsonObject object(String path, @Nullable Object value) throws FormatException {
    return of(path, cast(Map.class, "an object", path, value));
  }

  private static JsonObject of(String path, Map<?, ?> object) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    object.forEach((name, member) -> members.put((String) name, member));
    return new JsonObject(path, members);
  }

  private static <T> T cast(Class<T> type, String noun, String path, @Nullable Object value)
      throws FormatException {
    if (value == null) {
      throw new FormatException(path + ": it is missing, expected " + noun);
    }
    if (!type.isInstance(value)) {
      throw new FormatException(path + ": expected " + noun);
    }
    return type.cast(value);
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
