package tessera.compiler.graph;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tessera.isaspec.diagnostic.Diagnostic;

/// NumPy's file format for one array (`.npy`): how tensors come in from and go out to files.
/// Little-endian arrays in C order, of every element type but `bf16`, which NumPy has not.
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /// The header is filled up so that the data begins at a multiple of this.
  private static final int ALIGNMENT = 64;

  private static final Map<DType, String> DESCRIPTIONS =
      Map.ofEntries(
          Map.entry(DType.F32, "<f4"),
          Map.entry(DType.F64, "<f8"),
          Map.entry(DType.F16, "<f2"),
          Map.entry(DType.I8, "|i1"),
          Map.entry(DType.U8, "|u1"),
          Map.entry(DType.I16, "<i2"),
          Map.entry(DType.U16, "<u2"),
          Map.entry(DType.I32, "<i4"),
          Map.entry(DType.U32, "<u4"),
          Map.entry(DType.I64, "<i8"),
          Map.entry(DType.U64, "<u8"),
          Map.entry(DType.BOOL, "|b1"));

  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']{1,16})'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]{0,512})\\)");

  /// The array, or why there is none.
  public sealed interface Parsed {
    record Ok(Tensor tensor) implements Parsed {}

    record Failed(Diagnostic diagnostic) implements Parsed {}
  }

  private Npy() {}

  /// The array in a file; its data is not copied.
  public static Parsed parse(byte[] bytes) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes.length < 12 || bytes[i] != MAGIC[i]) {
        return failed("this is no .npy file");
      }
    }
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean first = bytes[6] == 1;
    long length =
        first ? Short.toUnsignedInt(buffer.getShort(8)) : Integer.toUnsignedLong(buffer.getInt(8));
    int start = first ? 10 : 12;
    if (start + length > bytes.length) {
      return failed("the file is cut off in its header");
    }
    var header = new String(bytes, start, (int) length, StandardCharsets.UTF_8);
    return parse(header, buffer.position(start + (int) length).slice());
  }

  private static Parsed parse(String header, ByteBuffer data) {
    String description = find(DESCRIPTION, header).orElse("");
    Optional<DType> dtype =
        DESCRIPTIONS.entrySet().stream()
            .filter(entry -> entry.getValue().equals(description))
            .map(Map.Entry::getKey)
            .findFirst();
    if (dtype.isEmpty()) {
      String known = DESCRIPTIONS.values().stream().sorted().collect(Collectors.joining(" "));
      return failed("elements are '" + description + "', not one of " + known);
    }
    if (find(ORDER, header).orElse("False").equals("True")) {
      return failed("the array is in Fortran order: save numpy.ascontiguousarray of it");
    }
    Optional<Shape> shape = find(SHAPE, header).flatMap(Npy::shape);
    if (shape.isEmpty()) {
      return failed("the header has no shape");
    }
    var type = new TensorType(dtype.get(), shape.get());
    return type.bytes() == data.remaining()
        ? new Parsed.Ok(new Tensor(type, data))
        : failed(type + " takes " + type.bytes() + " bytes, the file has " + data.remaining());
  }

  private static Optional<String> find(Pattern pattern, String header) {
    Matcher matcher = pattern.matcher(header);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<Shape> shape(String list) {
    var dims = new ArrayList<Integer>();
    for (String word : list.split(",", -1)) {
      if (!word.isBlank()) {
        try {
          dims.add(Integer.parseInt(word.strip()));
        } catch (NumberFormatException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Shape(dims));
  }

  private static Parsed failed(String why) {
    return new Parsed.Failed(Diagnostic.error("bad-npy", null, why));
  }

  /// The file for a tensor; one of `bf16` is written as `f32`.
  public static byte[] write(Tensor tensor) {
    Tensor written = tensor.dtype() == DType.BF16 ? widened(tensor) : tensor;
    String shape =
        written.shape().dims().stream().map(dim -> dim + ",").collect(Collectors.joining(" "));
    String header =
        "{'descr': '"
            + DESCRIPTIONS.get(written.dtype())
            + "', 'fortran_order': False, 'shape': ("
            + (written.shape().rank() > 1 ? shape.substring(0, shape.length() - 1) : shape)
            + "), }";
    int fill = ALIGNMENT - (10 + header.length() + 1) % ALIGNMENT;
    String filled = header + " ".repeat(fill % ALIGNMENT) + "\n";
    var out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    out.writeBytes(new byte[] {1, 0, (byte) filled.length(), (byte) (filled.length() >> 8)});
    out.writeBytes(filled.getBytes(StandardCharsets.US_ASCII));
    byte[] data = new byte[written.data().remaining()];
    written.data().get(data);
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static Tensor widened(Tensor tensor) {
    var op = new Op.Cast(DType.F32);
    return GraphEvaluator.apply(op, tensor.type().as(DType.F32), List.of(tensor));
  }
}
