package tessera.compiler.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Diagnostics;

/// Reads the protocol-buffer wire format of `onnx.proto`, one method for each message. Field
/// numbers are those of that file; unknown fields are skipped, as the format demands.
final class OnnxReader {
  /// Messages within messages; a branch in a branch costs three.
  private static final int DEEPEST = 100;

  /// Strings and messages in all: bounds memory to a multiple of the file's size.
  private static final int MOST = 8_000_000;

  private final CodedInputStream in;
  private final TensorData tensorData;
  private final Deque<String> path = new ArrayDeque<>();
  private final Diagnostics problems = new Diagnostics();
  private int wireType;
  private int count;

  private OnnxReader(ByteBuffer bytes, ExternalData external) {
    in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    in.enableAliasing(true);
    tensorData = new TensorData(external, problems);
  }

  static Onnx.Parsed read(ByteBuffer bytes, ExternalData external) {
    var reader = new OnnxReader(bytes, external);
    Optional<Model> model = reader.whole(reader::model);
    return reader.problems.hasErrors() || model.isEmpty()
        ? new Onnx.Parsed.Failed(reader.problems.all())
        : new Onnx.Parsed.Ok(model.get());
  }

  static Onnx.ParsedTensor readTensor(ByteBuffer bytes, ExternalData external) {
    var reader = new OnnxReader(bytes, external);
    Optional<OnnxTensor> tensor = reader.whole(reader::tensor);
    return reader.problems.hasErrors() || tensor.isEmpty()
        ? new Onnx.ParsedTensor.Failed(reader.problems.all())
        : new Onnx.ParsedTensor.Ok(tensor.get());
  }

  /// What the whole file holds; where it cannot be read, that is among the problems.
  private <T> Optional<T> whole(Reading<T> reading) {
    try {
      return Optional.of(reading.read());
    } catch (Damaged damaged) {
      return damaged(damaged.why);
    } catch (IOException e) {
      // What the stream says is about protocol buffers in general; the place says more.
      return damaged("the file is cut off, or is no ONNX model");
    }
  }

  private <T> Optional<T> damaged(String why) {
    String where = path.isEmpty() ? "" : ", in " + String.join(".", path);
    String message = "cannot read the model at byte " + in.getTotalBytesRead() + where + ": " + why;
    problems.add(Diagnostic.error("bad-onnx", null, message));
    return Optional.empty();
  }

  private Model model() throws IOException {
    long irVersion = 0;
    String producer = "";
    Map<String, Long> opsets = new TreeMap<>();
    Optional<OnnxGraph> graph = Optional.empty();
    Set<String> functions = new HashSet<>();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> irVersion = integer();
        case 2 -> producer = string();
        case 7 -> graph = Optional.of(message("graph", this::graph));
        case 8 -> opsets.putAll(message("opset_import[" + opsets.size() + "]", this::opset));
        case 25 -> functions.add(message("functions[" + functions.size() + "]", this::function));
        default -> skip();
      }
    }
    if (graph.isEmpty()) {
      throw new Damaged("there is no graph in it");
    }
    return new Model(irVersion, producer, opsets, graph.get(), functions, Map.of());
  }

  private Map<String, Long> opset() throws IOException {
    String domain = "";
    long version = 1;
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> domain = string();
        case 2 -> version = integer();
        default -> skip();
      }
    }
    return Map.of(domain.equals("ai.onnx") ? "" : domain, version);
  }

  private String function() throws IOException {
    String name = "";
    String domain = "";
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> name = string();
        case 10 -> domain = string();
        default -> skip();
      }
    }
    return domain + "::" + name;
  }

  private OnnxGraph graph() throws IOException {
    String name = "";
    var nodes = new ArrayList<OnnxNode>();
    var initializers = new ArrayList<OnnxTensor>();
    var inputs = new ArrayList<ValueInfo>();
    var outputs = new ArrayList<ValueInfo>();
    var values = new ArrayList<ValueInfo>();
    var sparse = new ArrayList<String>();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> nodes.add(message("node[" + nodes.size() + "]", this::node));
        case 2 -> name = string();
        case 5 ->
            initializers.add(message("initializer[" + initializers.size() + "]", this::tensor));
        case 11 -> inputs.add(message("input[" + inputs.size() + "]", this::valueInfo));
        case 12 -> outputs.add(message("output[" + outputs.size() + "]", this::valueInfo));
        case 13 -> values.add(message("value_info[" + values.size() + "]", this::valueInfo));
        case 15 -> sparse.add(message("sparse_initializer[" + sparse.size() + "]", this::sparse));
        default -> skip();
      }
    }
    return new OnnxGraph(name, nodes, initializers, inputs, outputs, values, sparse);
  }

  /// The name of a sparse tensor, which is that of its values.
  private String sparse() throws IOException {
    String name = "";
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> name = message("values", this::tensor).name();
        default -> skip();
      }
    }
    return name;
  }

  private OnnxNode node() throws IOException {
    String name = "";
    String domain = "";
    String opType = "";
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    var attributes = new TreeMap<String, Attribute>();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> inputs.add(string());
        case 2 -> outputs.add(string());
        case 3 -> name = string();
        case 4 -> opType = string();
        case 5 -> attribute(attributes);
        case 7 -> domain = string();
        default -> skip();
      }
    }
    return new OnnxNode(name, domain, opType, inputs, outputs, attributes);
  }

  private void attribute(Map<String, Attribute> attributes) throws IOException {
    var fields = message("attribute[" + attributes.size() + "]", this::attributeFields);
    if (attributes.put(fields.name, fields.attribute()) != null) {
      throw new Damaged("attribute '" + fields.name + "' is there twice");
    }
  }

  private AttributeFields attributeFields() throws IOException {
    var fields = new AttributeFields();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> fields.name = string();
        case 2 -> fields.single = new Attribute.Real(real());
        case 3 -> fields.single = new Attribute.Int(integer());
        case 4 -> fields.single = new Attribute.Text(text());
        case 5 -> fields.single = new Attribute.TensorValue(message("t", this::tensor));
        case 6 -> fields.single = new Attribute.Subgraph(message("g", this::graph));
        case 7 -> reals(fields.reals);
        case 8 -> integers(fields.integers);
        case 9 -> fields.texts.add(text());
        case 10 -> fields.tensors.add(message("tensors", this::tensor));
        case 11 -> fields.graphs.add(message("graphs", this::graph));
        case 14, 15 -> fields.other(field, "a type", this::skip);
        case 20 -> fields.type = integer();
        case 21 -> fields.reference = string();
        case 22, 23 -> fields.other(field, "a sparse tensor", this::skip);
        default -> skip();
      }
    }
    return fields;
  }

  private ValueInfo valueInfo() throws IOException {
    String name = "";
    ValueType type = ValueType.OPEN;
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> name = string();
        case 2 -> type = message("type", this::type);
        default -> skip();
      }
    }
    return new ValueInfo(name, type);
  }

  private ValueType type() throws IOException {
    ValueType type = ValueType.OPEN;
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> type = message("tensor_type", this::tensorType);
        case 4 -> type = other("a sequence");
        case 5 -> type = other("a map");
        case 8 -> type = other("a sparse tensor");
        case 9 -> type = other("an optional value");
        default -> skip();
      }
    }
    return type;
  }

  private ValueType other(String what) throws IOException {
    skip();
    return new ValueType.Other(what);
  }

  private ValueType tensorType() throws IOException {
    Optional<ElementType> element = Optional.empty();
    Optional<List<Dim>> shape = Optional.empty();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> element = elementType(integer());
        case 2 -> shape = Optional.of(message("shape", this::shape));
        default -> skip();
      }
    }
    return new ValueType.TensorOf(element, shape);
  }

  private static Optional<ElementType> elementType(long code) throws IOException {
    Optional<ElementType> type = ElementType.of(code);
    if (type.isEmpty() && code != 0) {
      throw new Damaged("element type " + code + " is not known");
    }
    return type;
  }

  private List<Dim> shape() throws IOException {
    var dims = new ArrayList<Dim>();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> dims.add(message("dim[" + dims.size() + "]", this::dim));
        default -> skip();
      }
    }
    return dims;
  }

  private Dim dim() throws IOException {
    Dim dim = new Dim.Unknown();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> dim = known(integer());
        case 2 -> dim = named(string());
        default -> skip();
      }
    }
    return dim;
  }

  /// Some exporters write −1 for an extent that is open.
  private static Dim known(long size) {
    return size < 0 ? new Dim.Unknown() : new Dim.Known(size);
  }

  private static Dim named(String name) {
    return name.isEmpty() ? new Dim.Unknown() : new Dim.Named(name);
  }

  private OnnxTensor tensor() throws IOException {
    var fields = new TensorFields();
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> integers(fields.dims);
        case 2 -> fields.type = integer();
        case 4 -> realData(fields, WireFormat.WIRETYPE_FIXED32);
        case 5, 7, 11 -> integerData(fields, field);
        case 6 -> fields.strings.add(bytes());
        case 8 -> fields.name = string();
        case 9 -> fields.give(field, bytes());
        case 10 -> realData(fields, WireFormat.WIRETYPE_FIXED64);
        case 13 -> fields.external.putAll(message("external_data", this::entry));
        case 14 -> fields.elsewhere = integer() == 1;
        default -> skip();
      }
    }
    return tensorData.tensor(fields);
  }

  private Map<String, String> entry() throws IOException {
    String key = "";
    String value = "";
    for (int field = next(); field != 0; field = next()) {
      switch (field) {
        case 1 -> key = string();
        case 2 -> value = string();
        default -> skip();
      }
    }
    return Map.of(key, value);
  }

  /// Packed floats are the bytes of the tensor as they stand.
  private void realData(TensorFields fields, int single) throws IOException {
    int field = single == WireFormat.WIRETYPE_FIXED32 ? 4 : 10;
    if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      fields.give(field, bytes());
    } else {
      expect(single);
      count();
      fields.give(field, ByteBuffer.wrap(in.readRawBytes(field == 4 ? 4 : 8)));
    }
  }

  private void integerData(TensorFields fields, int field) throws IOException {
    fields.integerField = field;
    integers(fields.integers);
  }

  /// The number of the next field of this message, and 0 at its end.
  private int next() throws IOException {
    int tag = in.readTag();
    wireType = WireFormat.getTagWireType(tag);
    if (wireType == WireFormat.WIRETYPE_START_GROUP || wireType == WireFormat.WIRETYPE_END_GROUP) {
      throw new Damaged("wire type " + wireType + " does not occur in ONNX");
    }
    return WireFormat.getTagFieldNumber(tag);
  }

  private void skip() throws IOException {
    in.skipField(in.getLastTag());
  }

  private <T> T message(String name, Reading<T> reading) throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    count();
    path.addLast(name);
    if (path.size() > DEEPEST) {
      throw new Damaged("messages are nested more than " + DEEPEST + " deep");
    }
    int outer = in.pushLimit(in.readRawVarint32());
    T read = reading.read();
    in.popLimit(outer);
    path.removeLast();
    return read;
  }

  private String string() throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    count();
    return in.readStringRequireUtf8();
  }

  /// A string that the format declares as bytes: what is not UTF-8 in it becomes a replacement
  /// mark.
  private String text() throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    count();
    return in.readBytes().toStringUtf8();
  }

  private ByteBuffer bytes() throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    count();
    return in.readBytes().asReadOnlyByteBuffer().slice();
  }

  private long integer() throws IOException {
    expect(WireFormat.WIRETYPE_VARINT);
    return in.readInt64();
  }

  private float real() throws IOException {
    expect(WireFormat.WIRETYPE_FIXED32);
    return in.readFloat();
  }

  private void integers(LongList to) throws IOException {
    if (wireType == WireFormat.WIRETYPE_VARINT) {
      to.add(in.readInt64());
      return;
    }
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      to.add(in.readInt64());
    }
    in.popLimit(outer);
  }

  private void reals(List<Float> to) throws IOException {
    if (wireType == WireFormat.WIRETYPE_FIXED32) {
      to.add(in.readFloat());
      return;
    }
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      to.add(in.readFloat());
    }
    in.popLimit(outer);
  }

  private void expect(int belongs) throws IOException {
    if (wireType != belongs) {
      int field = WireFormat.getTagFieldNumber(in.getLastTag());
      throw new Damaged("field " + field + " has wire type " + wireType + ", not " + belongs);
    }
  }

  private void count() throws IOException {
    if (++count > MOST) {
      throw new Damaged("it has more than " + MOST + " parts");
    }
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /// Ends the reading, with a reason in our own words.
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1;
    private final String why;

    Damaged(String why) {
      super(why);
      this.why = why;
    }
  }
}
