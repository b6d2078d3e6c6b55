package tessera.compiler.graph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Span;

/// Reads the text form that [GraphPrinter] writes. Comments run from `#` to the end of the line.
public final class GraphParser {
  /// The graph, or why there is none.
  public sealed interface Parsed {
    record Ok(Graph graph) implements Parsed {}

    record Failed(Diagnostic diagnostic) implements Parsed {}
  }

  private final Source source;
  private final String text;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, TensorType> types = new HashMap<>();
  private int at;

  private GraphParser(Source source) {
    this.source = source;
    this.text = source.text();
  }

  /// Stops at the first error. A graph that parses is also [sound][Verifier].
  public static Parsed parse(Source source) {
    try {
      return new Parsed.Ok(new GraphParser(source).graph());
    } catch (Unreadable unreadable) {
      return new Parsed.Failed(unreadable.diagnostic);
    }
  }

  private Graph graph() {
    word("graph");
    String name = string();
    symbol("{");
    while (peek("%")) {
      node();
    }
    var outputs = new ArrayList<Graph.Output>();
    while (peek("output")) {
      word("output");
      int from = at;
      String output = string();
      int id = value();
      check(
          outputs.stream().noneMatch(o -> o.name().equals(output)),
          from,
          "a second \"" + output + '"');
      outputs.add(new Graph.Output(output, id));
    }
    symbol("}");
    check(at == text.length(), at, "expected the end");
    return new Graph(name, nodes, outputs);
  }

  private void node() {
    int from = at;
    int id = id();
    check(!types.containsKey(id), from, "%" + id + " is defined twice");
    symbol("=");
    int opFrom = at;
    String word = identifier();
    List<Integer> operands = peek("(") ? operands() : List.of();
    Map<String, Attribute> attributes = peek("{") ? attributes() : Map.of();
    symbol(":");
    TensorType type = signature(operands);
    var opText = new OpText(word, attributes, type, opFrom);
    Op op = opText.op();
    opText.checkAllRead();
    switch (Typing.of(op, operands.stream().map(types::get).toList())) {
      case Typing.Refused(var reason) -> throw unreadable(opFrom, word + " " + reason);
      case Typing.Typed(var given) ->
          check(given.equals(type), opFrom, word + " gives " + given + ", not " + type);
    }
    types.put(id, type);
    nodes.add(new Node(id, op, operands, type, origins()));
  }

  private List<Integer> operands() {
    var operands = new ArrayList<Integer>();
    symbol("(");
    do {
      operands.add(value());
    } while (accept(","));
    symbol(")");
    return operands;
  }

  /// The operands' types, which must be those they were defined with, and then the value's.
  private TensorType signature(List<Integer> operands) {
    for (int i = 0; i < operands.size(); i++) {
      if (i > 0) {
        symbol(",");
      }
      int from = at;
      TensorType stated = type();
      TensorType defined = types.get(operands.get(i));
      check(
          stated.equals(defined),
          from,
          "%" + operands.get(i) + " is " + defined + ", not " + stated);
    }
    if (!operands.isEmpty()) {
      symbol("->");
    }
    return type();
  }

  private List<String> origins() {
    var origins = new ArrayList<String>();
    if (accept("@")) {
      do {
        origins.add(string());
      } while (accept(","));
    }
    return origins;
  }

  private TensorType type() {
    int from = at;
    word("tensor");
    symbol("<");
    int body = at;
    int end = text.indexOf('>', at);
    check(end >= 0, from, "expected '>'");
    String[] parts = text.substring(body, end).strip().split("x", -1);
    // No element type's name holds an x, so the last part is the type.
    var dims = new ArrayList<Integer>();
    for (int i = 0; i < parts.length - 1; i++) {
      dims.add(dim(parts[i], body));
    }
    String last = parts[parts.length - 1];
    Optional<DType> dtype = DType.parse(last);
    check(dtype.isPresent(), body, "unknown element type '" + last + "'");
    at = end + 1;
    skipSpace();
    return new TensorType(dtype.orElseThrow(), new Shape(dims));
  }

  private int dim(String digits, int from) {
    try {
      int dim = Integer.parseInt(digits);
      check(dim >= 0, from, "negative extent");
      return dim;
    } catch (NumberFormatException e) {
      throw unreadable(from, "expected an extent, got '" + digits + "'");
    }
  }

  private Map<String, Attribute> attributes() {
    var attributes = new HashMap<String, Attribute>();
    symbol("{");
    do {
      int from = at;
      String name = identifier();
      Attribute attribute = accept("=") ? attribute(from) : new Attribute(from, List.of(), null);
      check(attributes.put(name, attribute) == null, from, "a second '" + name + "'");
    } while (accept(","));
    symbol("}");
    return attributes;
  }

  private Attribute attribute(int from) {
    if (peek("\"")) {
      return new Attribute(from, List.of(), string());
    }
    var elements = new ArrayList<String>();
    if (!accept("[")) {
      elements.add(number());
    } else if (!accept("]")) {
      do {
        elements.add(number());
      } while (accept(","));
      symbol("]");
    }
    return new Attribute(from, elements, null);
  }

  private int value() {
    int from = at;
    int id = id();
    check(types.containsKey(id), from, "%" + id + " is not defined before this");
    return id;
  }

  private int id() {
    symbol("%");
    int from = at;
    String digits = number();
    try {
      return Integer.parseUnsignedInt(digits);
    } catch (NumberFormatException e) {
      throw unreadable(from, "expected a value's number, got '" + digits + "'");
    }
  }

  private String string() {
    int from = at;
    symbol("\"");
    // Space after the quote belongs to the string.
    at = from + 1;
    var string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      string.append(text.charAt(at) == '\\' ? escape() : text.charAt(at++));
    }
    check(at < text.length(), from, "the string does not end");
    at++;
    skipSpace();
    return string.toString();
  }

  private char escape() {
    int from = at;
    at += 2;
    char kind = at <= text.length() ? text.charAt(at - 1) : ' ';
    if (kind == '"' || kind == '\\') {
      return kind;
    }
    check(kind == 'u' && at + 4 <= text.length(), from, "unknown escape");
    at += 4;
    try {
      return (char) Integer.parseInt(text, at - 4, at, 16);
    } catch (NumberFormatException e) {
      throw unreadable(from, "unknown escape");
    }
  }

  private String identifier() {
    return lexeme("a word", c -> c == '_' || Character.isLetterOrDigit(c));
  }

  private String number() {
    return lexeme(
        "a number", c -> c == '+' || c == '-' || c == '.' || Character.isLetterOrDigit(c));
  }

  private String lexeme(String what, IntPredicate belongs) {
    int from = at;
    while (at < text.length() && belongs.test(text.charAt(at))) {
      at++;
    }
    check(at > from, from, "expected " + what);
    String lexeme = text.substring(from, at);
    skipSpace();
    return lexeme;
  }

  private void word(String word) {
    int from = at;
    String found = identifier();
    check(found.equals(word), from, "expected '" + word + "', got '" + found + "'");
  }

  private void symbol(String symbol) {
    check(accept(symbol), at, "expected '" + symbol + "'");
  }

  private boolean accept(String symbol) {
    if (!peek(symbol)) {
      return false;
    }
    at += symbol.length();
    skipSpace();
    return true;
  }

  private boolean peek(String symbol) {
    if (at == 0) {
      skipSpace();
    }
    return text.startsWith(symbol, at);
  }

  private void skipSpace() {
    while (at < text.length()
        && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#')) {
      int end = text.charAt(at) == '#' ? text.indexOf('\n', at) : at;
      at = end < 0 ? text.length() : end + 1;
    }
  }

  private void check(boolean holds, int from, String message) {
    if (!holds) {
      throw unreadable(from, message);
    }
  }

  private Unreadable unreadable(int from, String message) {
    int start = Math.min(from, text.length());
    var span = new Span(source, start, Math.min(start + 1, text.length()));
    return new Unreadable(Diagnostic.error("graph-syntax", span, message));
  }

  /// Ends the reading of one text; never leaves this class.
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Diagnostic diagnostic;

    Unreadable(Diagnostic diagnostic) {
      super(diagnostic.message(), null, false, false);
      this.diagnostic = diagnostic;
    }
  }

  /// What stands after a name in braces: a list of numbers or words, or a string.
  private record Attribute(int from, List<String> elements, @Nullable String string) {}

  /// One operation as it was written.
  private final class OpText {
    private final String word;
    private final Map<String, Attribute> attributes;
    private final TensorType type;
    private final int from;
    private final Set<String> read = new HashSet<>();

    OpText(String word, Map<String, Attribute> attributes, TensorType type, int from) {
      this.word = word;
      this.attributes = attributes;
      this.type = type;
      this.from = from;
    }

    Op op() {
      return switch (word) {
        case "input" -> new Op.Input(string("name"), type);
        case "constant" -> new Op.Constant(constant());
        case "select" -> new Op.Select();
        case "cast" -> new Op.Cast(type.dtype());
        case "matmul" -> new Op.MatMul(has("transposed"));
        case "reshape" -> new Op.Reshape(type.shape());
        case "broadcast" -> new Op.Broadcast(type.shape());
        case "transpose" -> new Op.Transpose(integers("order"));
        case "slice" -> new Op.Slice(integers("starts"), integers("sizes"), integers("steps"));
        case "concat" -> new Op.Concat(integer("axis"));
        case "gather" -> new Op.Gather(integer("axis"));
        case "pad" -> new Op.Pad(integers("before"), integers("after"));
        default -> function();
      };
    }

    private Op function() {
      for (UnaryFn fn : UnaryFn.values()) {
        if (GraphPrinter.lower(fn).equals(word)) {
          return new Op.Unary(fn);
        }
      }
      for (BinaryFn fn : BinaryFn.values()) {
        if (GraphPrinter.lower(fn).equals(word)) {
          return new Op.Binary(fn);
        }
      }
      for (ReduceFn fn : ReduceFn.values()) {
        if (("reduce_" + GraphPrinter.lower(fn)).equals(word)) {
          return new Op.Reduce(fn, integers("axes"));
        }
      }
      throw unreadable(from, "unknown operation '" + word + "'");
    }

    private Tensor constant() {
      check(type.bytes() <= TensorType.MAX_BYTES, from, type + " is too large");
      return has("base64") ? encoded(string("base64")) : listed();
    }

    private Tensor encoded(String base64) {
      try {
        byte[] bytes = Base64.getDecoder().decode(base64);
        check(bytes.length == type.bytes(), from, type + " takes " + type.bytes() + " bytes");
        return new Tensor(type, ByteBuffer.wrap(bytes));
      } catch (IllegalArgumentException e) {
        throw unreadable(from, "not base64");
      }
    }

    private Tensor listed() {
      List<String> elements = attribute("value").elements();
      check(
          elements.size() == type.count(),
          from,
          type + " has " + type.count() + " elements, not " + elements.size());
      var filler = new Tensor.Filler(type);
      for (int i = 0; i < elements.size(); i++) {
        try {
          element(filler, i, elements.get(i));
        } catch (NumberFormatException e) {
          throw unreadable(
              attribute("value").from(), "no " + type.dtype() + ": " + elements.get(i));
        }
      }
      return filler.done();
    }

    private void element(Tensor.Filler filler, int i, String text) {
      switch (type.dtype()) {
        case F32, F16, BF16 -> filler.set(i, (double) Float.parseFloat(text));
        case F64 -> filler.set(i, Double.parseDouble(text));
        case I8, U8, I16, U16, I32, U32, I64 -> filler.set(i, Long.parseLong(text));
        case U64 -> filler.set(i, Long.parseUnsignedLong(text));
        case BOOL -> filler.set(i, text.equals("true") ? 1L : 0L);
      }
    }

    void checkAllRead() {
      attributes.forEach((name, attribute) ->
          check(read.contains(name), attribute.from(), word + " has no '" + name + "'"));
    }

    private boolean has(String name) {
      read.add(name);
      return attributes.containsKey(name);
    }

    private Attribute attribute(String name) {
      read.add(name);
      Attribute attribute = attributes.get(name);
      if (attribute == null) {
        throw unreadable(from, word + " needs " + name);
      }
      return attribute;
    }

    private String string(String name) {
      String string = attribute(name).string();
      if (string == null) {
        throw unreadable(attribute(name).from(), name + " is a string");
      }
      return string;
    }

    private List<Integer> integers(String name) {
      Attribute attribute = attribute(name);
      try {
        return attribute.elements().stream().map(Integer::valueOf).toList();
      } catch (NumberFormatException e) {
        throw unreadable(attribute.from(), name + " is a list of integers");
      }
    }

    private int integer(String name) {
      List<Integer> integers = integers(name);
      check(integers.size() == 1, attribute(name).from(), name + " is one integer");
      return integers.getFirst();
    }
  }
}
