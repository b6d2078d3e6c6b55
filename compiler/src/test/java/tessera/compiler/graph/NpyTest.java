package tessera.compiler.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  @Property
  void parseInvertsWrite(@ForAll DType dtype, @ForAll long seed) {
    var random = new Random(seed);
    int[] dims = random.ints(random.nextInt(4), 0, 5).toArray();
    Tensor tensor = RandomGraphs.tensor(random, TensorType.of(dtype, dims));
    Tensor read = assertInstanceOf(Npy.Parsed.Ok.class, Npy.parse(Npy.write(tensor))).tensor();
    if (dtype != DType.BF16) {
      assertEquals(tensor, read);
    }
    assertEquals(tensor.shape(), read.shape());
  }

  /// What NumPy 1.24 writes for `numpy.array([[1, 2, 3]], dtype='i2')`.
  @Test
  void writesAsNumpy() {
    byte[] file = Npy.write(Tensor.of(DType.I16, Shape.of(1, 3), 1, 2, 3));
    String header = new String(file, 10, 118, StandardCharsets.US_ASCII);
    assertEquals("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 3), }", header.strip());
    assertEquals('\n', header.charAt(117));
    assertEquals(128 + 6, file.length);
    assertEquals(0x76, file[8]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          <f4   ; >f4     ; elements are '>f4', not one of <f2 <f4 <f8 <i2 <i4 <i8 <u2 <u4 <u8 |b1 |i1 |u1
          False ; True    ; the array is in Fortran order: save numpy.ascontiguousarray of it
          (2,   ; (3,     ; tensor<3xf32> takes 12 bytes, the file has 8
          (2,   ; (2a,    ; the header has no shape
          (2,   ; (9999999999999, ; the header has no shape
          NUMPY ; NUMPI   ; this is no .npy file
          """)
  void errorsSayWhatIsWrong(String was, String is, String message) {
    byte[] file = Npy.write(Tensor.of(Shape.of(2), 1, 2));
    String text = new String(file, StandardCharsets.ISO_8859_1).replace(was, is);
    byte[] changed = text.getBytes(StandardCharsets.ISO_8859_1);
    changed[8] += (byte) (changed.length - file.length);
    var failed = assertInstanceOf(Npy.Parsed.Failed.class, Npy.parse(changed));
    assertEquals(message.strip(), failed.diagnostic().message());
  }

  @Property(tries = 2000)
  void damagedFilesAreErrors(@ForAll long seed) {
    var random = new Random(seed);
    byte[] file = Npy.write(Tensor.of(Shape.of(2), 1, 2));
    file[random.nextInt(file.length)] = (byte) random.nextInt();
    Npy.Parsed parsed = Npy.parse(Arrays.copyOf(file, random.nextInt(file.length + 1)));
    if (parsed instanceof Npy.Parsed.Ok(var tensor)) {
      assertEquals(tensor.type().bytes(), tensor.data().remaining());
    }
  }
}
