package tessera.emulator.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.View;

/// A call of a shape as a kernel sees it, its types, functions and registers bound.
public final class ShapeCall {
  private final Stmt.CallShape call;
  private final List<String> names;
  private final OptionalLong rounding;

  /// @param rounding the environment's rounding mode, if it is known
  public ShapeCall(Stmt.CallShape call, OptionalLong rounding) {
    this.call = call;
    this.names = new ArrayList<>(call.values().keySet());
    this.rounding = rounding;
  }

  /// {@return the shape's name}
  public String name() {
    return call.name();
  }

  /// {@return the shape's name with its types and then the names of its functions}
  public String signature() {
    StringJoiner out = new StringJoiner(", ", call.name() + "<", ">");
    call.types().forEach(t -> out.add(t.toString()));
    call.functions().values().forEach(out::add);
    return out.toString();
  }

  /// {@return the hash of the words that define the shape and its functions, 16 hexadecimal digits:
  /// the evidence that a kernel declares}
  public String evidence() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(call.definition().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// {@return where it is called}
  public Span span() {
    return call.span();
  }

  /// {@return its type arguments in order}
  public List<Type> types() {
    return call.types();
  }

  /// {@return the name of the function that the parameter is bound to, or null}
  public @Nullable String function(String parameter) {
    return call.functions().get(parameter);
  }

  /// {@return the view that the parameter is bound to, or null}
  public @Nullable View view(String parameter) {
    return call.views().get(parameter);
  }

  /// {@return where the elements of a view lie, or null where binding leaves that open}
  public @Nullable ViewLayout layout(String parameter) {
    View view = view(parameter);
    return view == null ? null : ViewLayout.of(view);
  }

  /// {@return the place of a value argument in what [Kernel#run] gets, or -1}
  public int index(String parameter) {
    return names.indexOf(parameter);
  }

  /// {@return the names of the value arguments, in the order in which [Kernel#run] gets them}
  public List<String> values() {
    return List.copyOf(names);
  }

  /// {@return the value of an argument that binding has fixed}
  public OptionalLong constant(String parameter) {
    return call.values().get(parameter) instanceof Expr.Literal(_, var value)
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  /// {@return the rounding mode of the instruction's environment, as `frm` numbers it, if it is
  /// known}
  public OptionalLong rounding() {
    return rounding;
  }
}
