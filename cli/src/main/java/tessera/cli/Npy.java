package tessera.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.Shape;
import tessera.compiler.graph.Tensor;
import tessera.compiler.graph.TensorType;

/// Reads a tensor from NumPy's file format (versions 1 to 3), little-endian and row-major.
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<|=>])([a-z]\\d+)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*False");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

  private Npy() {}

  /// {@return the tensor in a file}
  ///
  /// @throws Failure when the file is not there or holds none that can be used
  static Tensor read(Terminal terminal, String name) {
    byte[] bytes = InputFile.bytes(terminal, name);
    if (bytes.length < 10 || !startsWithMagic(bytes)) {
      throw bad(name, "it does not begin as a .npy file does");
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean old = bytes[MAGIC.length] == 1;
    int start = old ? 10 : 12;
    long length = old ? file.getShort(8) & 0xffff : bytes.length < 12 ? -1 : file.getInt(8);
    if (length < 0 || length > bytes.length - start) {
      throw bad(name, "its header is cut off");
    }
    String header = new String(bytes, start, (int) length, StandardCharsets.UTF_8);
    TensorType type = type(name, header);
    int from = start + (int) length;
    if (bytes.length - from != type.bytes()) {
      throw bad(name, type + " needs " + type.bytes() + " bytes, it has " + (bytes.length - from));
    }
    return new Tensor(type, ByteBuffer.wrap(bytes, from, bytes.length - from).slice());
  }

  private static boolean startsWithMagic(byte[] bytes) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (bytes[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private static TensorType type(String name, String header) {
    Matcher descr = DESCR.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!descr.find() || !shape.find()) {
      throw bad(name, "its header is none of a plain array");
    }
    DType dtype = dtype(descr.group(2));
    if (dtype == null || descr.group(1).equals(">")) {
      throw bad(name, "its element type " + descr.group(1) + descr.group(2) + " is not supported");
    }
    if (!ORDER.matcher(header).find()) {
      throw bad(name, "it is column-major; save it with numpy.ascontiguousarray");
    }
    List<Integer> dims = new ArrayList<>();
    long elements = 1;
    for (String dim : shape.group(1).split(",", -1)) {
      if (!dim.isBlank()) {
        long size = Numbers.count(dim.strip()).orElse(Long.MAX_VALUE);
        elements = size > Integer.MAX_VALUE ? Long.MAX_VALUE : elements * size;
        if (elements > Integer.MAX_VALUE / dtype.bytes()) {
          throw bad(name, "it is too large");
        }
        dims.add((int) size);
      }
    }
    return new TensorType(dtype, new Shape(dims));
  }

  private static @Nullable DType dtype(String code) {
    return switch (code) {
      case "f4" -> DType.F32;
      case "f8" -> DType.F64;
      case "f2" -> DType.F16;
      case "i1" -> DType.I8;
      case "u1" -> DType.U8;
      case "i2" -> DType.I16;
      case "u2" -> DType.U16;
      case "i4" -> DType.I32;
      case "u4" -> DType.U32;
      case "i8" -> DType.I64;
      case "u8" -> DType.U64;
      case "b1" -> DType.BOOL;
      default -> null;
    };
  }

  private static Failure bad(String name, String why) {
    return Failure.of(ExitCode.BAD_INPUT, "bad-npy", "'" + name + "' cannot be used: " + why);
  }
}
