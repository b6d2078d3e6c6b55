package tessera.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command line that has been understood: every value in it is already checked against its
/// option's kind.
///
/// @param verb what to do
/// @param values what was given for each option, in the order given; an option without a value maps
///   to an empty list
/// @param operands the words that are not options
/// @param guestArguments the words after `--`, where the verb hands them to a guest
public record Invocation(
    Verb verb, Map<Flag, List<String>> values, List<String> operands, List<String> guestArguments) {

  /// {@return this with one more value for an option}
  public Invocation with(Flag flag, String value) {
    Map<Flag, List<String>> more = new LinkedHashMap<>(values);
    List<String> given = new ArrayList<>(texts(flag));
    given.add(value);
    more.put(flag, given);
    return new Invocation(verb, more, operands, guestArguments);
  }

  /// {@return whether the option was given}
  public boolean has(Flag flag) {
    return values.containsKey(flag);
  }

  /// {@return everything given for a repeatable option}
  public List<String> texts(Flag flag) {
    return values.getOrDefault(flag, List.of());
  }

  /// {@return the last value given, as GNU tools take it, or null}
  public @Nullable String text(Flag flag) {
    List<String> given = texts(flag);
    return given.isEmpty() ? null : given.getLast();
  }

  /// {@return the last value given, or `otherwise`}
  public String text(Flag flag, String otherwise) {
    String given = text(flag);
    return given == null ? otherwise : given;
  }

  /// {@return the last number given, or `otherwise`}
  public long count(Flag flag, long otherwise) {
    String given = text(flag);
    return given == null ? otherwise : Numbers.count(given).orElseThrow();
  }

  /// {@return whether the result is to be JSON}
  public boolean json() {
    return text(Flags.FORMAT, "text").equals("json");
  }

  /// {@return whether `-v` was given}
  public boolean verbose() {
    return has(Flags.VERBOSE);
  }

  /// {@return whether `-q` was given}
  public boolean quiet() {
    return has(Flags.QUIET);
  }
}
