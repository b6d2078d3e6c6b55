package tessera.compiler.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.isaspec.diagnostic.Diagnostic;

class OnnxTest {
  private static final OnnxTensor WEIGHTS =
      OnnxTensor.of("w", Tensor.of(Shape.of(2, 2), 1, 2.5f, -3, Float.NaN));

  @Test
  void parseInvertsWrite() {
    Model model = everything();
    assertEquals(model, Onnx.parse(OnnxWriter.write(model)).orThrow());
  }

  @Test
  void rawDataIsNotCopied() {
    byte[] file = OnnxWriter.write(everything());
    OnnxTensor weights = Onnx.parse(file).orThrow().graph().initializers().getFirst();
    int at = lastIndexOf(file, WEIGHTS.data());
    file[at] = 99;
    assertEquals(99, weights.data().get(0));
  }

  /// Elements stand in one of six fields, by type (`onnx.proto`, `TensorProto`).
  @ParameterizedTest
  @CsvSource({
    "1, 4, FLOAT",
    "2, 5, UINT8",
    "3, 5, INT8",
    "4, 5, UINT16",
    "5, 5, INT16",
    "6, 5, INT32",
    "7, 7, INT64",
    "9, 5, BOOL",
    "10, 5, FLOAT16",
    "11, 10, DOUBLE",
    "12, 11, UINT32",
    "13, 11, UINT64",
    "16, 5, BFLOAT16"
  })
  void typedDataEqualsRaw(int code, int field, ElementType type) throws IOException {
    for (boolean packed : new boolean[] {true, false}) {
      byte[] file = withTensor(out -> typed(out, code, field, packed));
      OnnxTensor tensor = Onnx.parse(file).orThrow().graph().initializers().getFirst();
      assertEquals(type, tensor.type());
      Tensor elements = tensor.tensor().orElseThrow();
      double[] values = new double[3];
      for (int i = 0; i < 3; i++) {
        values[i] = elements.dtype().isFloat() ? elements.real(i) : (double) elements.integer(i);
      }
      boolean half = type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
      boolean bool = type == ElementType.BOOL;
      double one = type == ElementType.FLOAT16 ? 0x1p-24 : half ? 0x1p-133 : 1;
      assertArrayEquals(new double[] {0, one, bool ? 1 : 2 * one}, values);
    }
  }

  private static void typed(CodedOutputStream out, int code, int field, boolean packed)
      throws IOException {
    out.writeInt64(1, 3);
    out.writeEnum(2, code);
    boolean floats = field == 4;
    boolean doubles = field == 10;
    if (packed) {
      var data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 3; i++) {
        if (floats) {
          data.putFloat(i);
        } else if (doubles) {
          data.putDouble(i);
        } else {
          data.put((byte) i);
        }
      }
      out.writeByteArray(field, Arrays.copyOf(data.array(), data.position()));
      return;
    }
    for (int i = 0; i < 3; i++) {
      if (floats) {
        out.writeFloat(field, i);
      } else if (doubles) {
        out.writeDouble(field, i);
      } else {
        out.writeInt64(field, i);
      }
    }
  }

  @Test
  void dataMayComeBeforeItsShape() throws IOException {
    byte[] file =
        withTensor(out -> {
          out.writeByteArray(9, new byte[] {7, 8});
          out.writeEnum(2, 3);
          out.writeInt64(1, 2);
        });
    Tensor tensor =
        Onnx.parse(file).orThrow().graph().initializers().getFirst().tensor().orElseThrow();
    assertEquals(Tensor.of(DType.I8, Shape.of(2), 7, 8), tensor);
  }

  @Test
  void hugeShapesAreRefusedFast() throws IOException {
    byte[] file =
        withTensor(out -> {
          out.writeInt64(1, 1L << 40);
          out.writeInt64(1, 1L << 40);
          out.writeEnum(2, 1);
          out.writeByteArray(9, new byte[4]);
          out.writeString(8, "huge");
        });
    var failed =
        assertTimeout(
            Duration.ofMillis(500),
            () -> assertInstanceOf(Onnx.Parsed.Failed.class, Onnx.parse(file)));
    assertEquals(
        "tensor 'huge' FLOAT[1099511627776, 1099511627776] is larger than 2147483639 bytes",
        failed.diagnostics().getFirst().message());
  }

  @Test
  void everyBadTensorIsReported() throws IOException {
    byte[] file =
        message(
            7,
            graph -> {
              for (String name : List.of("a", "b")) {
                graph.writeByteArray(
                    5,
                    bytes(out -> {
                      out.writeInt64(1, 3);
                      out.writeEnum(2, 1);
                      out.writeString(8, name);
                      out.writeByteArray(9, new byte[8]);
                    }));
              }
            });
    assertEquals(
        List.of(
            "tensor 'a' FLOAT[3] takes 12 bytes, has 8",
            "tensor 'b' FLOAT[3] takes 12 bytes, has 8"),
        failure(file).stream().map(Diagnostic::message).toList());
  }

  @Test
  void externalDataIsOffByDefault() throws IOException {
    Diagnostic diagnostic = failure(external("weights.bin", 0)).getFirst();
    assertEquals("onnx-external-data", diagnostic.code());
    assertEquals("tensor 'w' lies in another file, 'weights.bin'", diagnostic.message());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/etc/passwd", "../w", "a/../../w", "..", "c:w", "a\\..\\w", "\\\\host\\w"})
  void externalDataStaysInItsFolder(String location) throws IOException {
    var parsed = Onnx.parse(ByteBuffer.wrap(external(location, 0)), new Folder(true));
    var failed = assertInstanceOf(Onnx.Parsed.Failed.class, parsed);
    assertTrue(failed.diagnostics().getFirst().message().contains("outside the model's folder"));
  }

  @Test
  void externalDataIsReadWhereAllowed() throws IOException {
    var parsed = Onnx.parse(ByteBuffer.wrap(external("sub/w.bin", 4)), new Folder(true));
    OnnxTensor tensor = parsed.orThrow().graph().initializers().getFirst();
    assertEquals(Tensor.of(DType.I8, Shape.of(2), 4, 5), tensor.tensor().orElseThrow());
    for (long offset : new long[] {-1, 7, Long.MAX_VALUE}) {
      var beyond = Onnx.parse(ByteBuffer.wrap(external("w", offset)), new Folder(true));
      assertInstanceOf(Onnx.Parsed.Failed.class, beyond);
    }
  }

  private static byte[] external(String location, long offset) throws IOException {
    return withTensor(out -> {
      out.writeInt64(1, 2);
      out.writeEnum(2, 3);
      out.writeString(8, "w");
      out.writeEnum(14, 1);
      for (var entry :
          Map.of("location", location, "offset", "" + offset, "length", "2").entrySet()) {
        out.writeByteArray(
            13,
            bytes(pair -> {
              pair.writeString(1, entry.getKey());
              pair.writeString(2, entry.getValue());
            }));
      }
    });
  }

  /// A file of the eight bytes 0 to 7.
  private record Folder(boolean allowed) implements ExternalData {
    @Override
    public Optional<ByteBuffer> read(String location, long offset, long length) {
      byte[] file = {0, 1, 2, 3, 4, 5, 6, 7};
      return offset + length > file.length || offset + length < 0
          ? Optional.empty()
          : Optional.of(ByteBuffer.wrap(file, (int) offset, (int) length).slice());
    }
  }

  @Test
  void damageIsLocated() throws IOException {
    byte[] whole = OnnxWriter.write(everything());
    assertEquals(
        "cannot read the model at byte 9, in graph: the file is cut off, or is no ONNX model",
        failure(Arrays.copyOf(whole, 60)).getFirst().message());
    byte[] node = bytes(out -> out.writeInt64(4, 1));
    byte[] second =
        message(
            7,
            out -> {
              out.writeByteArray(1, new byte[0]);
              out.writeByteArray(1, node);
            });
    assertEquals(
        "cannot read the model at byte 7, in graph.node[1]: field 4 has wire type 0, not 2",
        failure(second).getFirst().message());
    assertEquals("bad-onnx", failure(new byte[0]).getFirst().code());
    assertEquals(
        "bad-onnx", failure("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)).getFirst().code());
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    byte[] graph = new byte[0];
    for (int i = 0; i < 20_000; i++) {
      byte[] inner = graph;
      graph =
          i > 200
              ? graph
              : message(1, node -> node.writeByteArray(5, message(6, g -> g.writeRawBytes(inner))));
    }
    byte[] nested = graph;
    String message = failure(message(7, out -> out.writeRawBytes(nested))).getFirst().message();
    assertTrue(
        message.contains("nested more than 100 deep") || message.contains("cut off"), message);
  }

  @Property(tries = 5000)
  void damagedFilesAreErrorsOrModels(@ForAll long seed) {
    var random = new Random(seed);
    byte[] file = OnnxWriter.write(everything());
    for (int i = random.nextInt(4); i >= 0; i--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    byte[] cut = Arrays.copyOf(file, random.nextInt(file.length + 1));
    for (byte[] damaged : List.of(file, cut)) {
      if (Onnx.parse(damaged) instanceof Onnx.Parsed.Failed(var diagnostics)) {
        assertNotEquals(List.of(), diagnostics);
      }
    }
  }

  private static List<Diagnostic> failure(byte[] file) {
    return assertInstanceOf(Onnx.Parsed.Failed.class, Onnx.parse(file)).diagnostics();
  }

  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Write write) throws IOException {
    var bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    write.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] message(int field, Write write) throws IOException {
    return bytes(out -> out.writeByteArray(field, bytes(write)));
  }

  private static byte[] withTensor(Write tensor) throws IOException {
    return message(7, graph -> graph.writeByteArray(5, bytes(tensor)));
  }

  private static int lastIndexOf(byte[] file, ByteBuffer data) {
    byte[] wanted = new byte[data.remaining()];
    data.get(wanted);
    for (int i = file.length - wanted.length; ; i--) {
      if (Arrays.equals(file, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
  }

  /// A model with everything that can be written, of no meaning.
  private static Model everything() {
    var branch =
        new OnnxGraph("branch", List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    var node =
        new OnnxNode("n", "com.acme", "Foo", List.of("x", "", "w"), List.of("y", ""), Map.of())
            .with("f", new Attribute.Real(-0.0f))
            .with("i", new Attribute.Int(Long.MIN_VALUE))
            .with("s", new Attribute.Text("µ\"\n"))
            .with("t", new Attribute.TensorValue(WEIGHTS))
            .with("g", new Attribute.Subgraph(branch))
            .with("fs", new Attribute.Reals(List.of(1f, Float.POSITIVE_INFINITY)))
            .with("is", new Attribute.Ints(List.of(0L, -1L)))
            .with("none", new Attribute.Ints(List.of()))
            .with("ss", new Attribute.Texts(List.of("", "b")))
            .with("ts", new Attribute.TensorValues(List.of(WEIGHTS)))
            .with("gs", new Attribute.Subgraphs(List.of(branch)))
            .with("r", new Attribute.Reference("outer"));
    List<Dim> dims = List.of(new Dim.Named("batch"), new Dim.Known(3), new Dim.Unknown());
    var strings =
        new OnnxTensor(
            "names",
            ElementType.STRING,
            List.of(2L),
            ByteBuffer.allocate(0),
            List.of(ByteBuffer.wrap(new byte[] {-1, 0}), ByteBuffer.allocate(0)));
    var open = new ValueType.TensorOf(Optional.empty(), Optional.empty());
    var known = new ValueType.TensorOf(Optional.of(ElementType.FLOAT), Optional.of(dims));
    var graph =
        new OnnxGraph(
            "main",
            List.of(node),
            List.of(WEIGHTS, strings),
            List.of(new ValueInfo("x", known)),
            List.of(new ValueInfo("y", open)),
            List.of(new ValueInfo("z", known)),
            List.of());
    return new Model(8, "me", Map.of("", 17L, "com.acme", 1L), graph, Set.of(), Map.of());
  }
}
