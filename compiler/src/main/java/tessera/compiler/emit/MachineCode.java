package tessera.compiler.emit;

import java.nio.ByteBuffer;
import java.util.List;

/// A whole program at the instruction level: its code, and what lies in memory.
///
/// @param text the code, entered at its first line
/// @param data what lies in memory, by section
/// @param note the text of the section `.tessera.model`, which is not loaded
public record MachineCode(List<Item> text, List<Data> data, String note) {
  public MachineCode {
    text = List.copyOf(text);
    data = List.copyOf(data);
  }

  /// The sections of a program's data.
  public enum Place {
    /// `.rodata.weights`: constants.
    WEIGHTS,
    /// `.tessera.io`: inputs and outputs, filled and read from outside.
    IO,
    /// `.bss.arena`: values in between.
    ARENA
  }

  /// A symbol with what lies at it.
  ///
  /// @param contents the bytes; none for zeros
  /// @param size in bytes
  public record Data(Place place, String symbol, ByteBuffer contents, long size) {
    public static Data zeros(Place place, String symbol, long size) {
      return new Data(place, symbol, ByteBuffer.allocate(0), size);
    }
  }
}
