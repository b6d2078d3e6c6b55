package tessera.isaspec.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.RegisterFile;

/// How an operand is written, printed and bounded. A class may have several readings; the first
/// that can say a value prints it, all are accepted.
///
/// @param name the class's name in the text (`x`, `imm12`, `rm`)
/// @param signed whether a value is sign-extended from its field
/// @param width bits of the field
/// @param preset the value of an operand that is left out; null: it can not be left out
/// @param step values are multiples of this
/// @param relocations the relocation functions that may stand here (`lo`, `pcrel_lo`, `branch`)
/// @param hex printed in hexadecimal
/// @param modulo also accepted: values that are equal modulo this (the unsigned spelling of c.lui)
public record OperandClass(
    String name,
    boolean signed,
    int width,
    List<Reading> readings,
    @Nullable Long preset,
    long step,
    List<String> relocations,
    boolean hex,
    @Nullable Long modulo) {

  /// One way of writing.
  public sealed interface Reading {
    /// A finite map; a value's first text is printed, later ones are accepted.
    record Texts(List<Text> texts) implements Reading {}

    /// A letter for each bit, the first letter the highest; `none` when no bit is set.
    record Flags(String letters, @Nullable String none) implements Reading {}

    /// A register of a file. `numbers` gives the register's number for each value of the field.
    record Register(RegisterFile file, List<Integer> numbers) implements Reading {}

    /// A CSR's name.
    record CsrName() implements Reading {}

    /// An expression whose value is the operand's.
    record Immediate() implements Reading {}

    /// An address; the operand is its distance from the instruction.
    record PcRelative() implements Reading {}

    /// Classes side by side, as `asm` shows them.
    record Parts(List<Part> parts, Template asm) implements Reading {}
  }

  /// A text and its value.
  public record Text(String text, long value) {}

  /// Bits `hi` to `lo` of the operand are of another class.
  public record Part(String name, int hi, int lo, OperandClass operandClass) {}

  public OperandClass {
    readings = List.copyOf(readings);
    relocations = List.copyOf(relocations);
  }

  /// {@return this with values that are multiples of something else}
  public OperandClass step(long multiple) {
    return new OperandClass(
        name, signed, width, readings, preset, multiple, relocations, hex, modulo);
  }

  /// {@return the least value}
  public long least() {
    return signed ? -(1L << (width - 1)) : 0;
  }

  /// {@return the greatest value, of those that are multiples of the step}
  public long greatest() {
    long top = signed ? (1L << (width - 1)) - 1 : (1L << width) - 1;
    return top - Math.floorMod(top, step);
  }

  /// {@return the operand's value for a field's bits: a register's number, else the number}
  public long fromField(long bits) {
    for (Reading reading : readings) {
      if (reading instanceof Reading.Register(_, var numbers)) {
        return numbers.get((int) bits);
      }
    }
    return signed && width < 64 ? bits << (64 - width) >> (64 - width) : bits;
  }

  /// {@return the field's bits for an operand's value, or -1 where there are none}
  public long toField(long value) {
    for (Reading reading : readings) {
      if (reading instanceof Reading.Register(_, var numbers)) {
        return numbers.indexOf((int) value);
      }
    }
    if (value < least() || value > greatest() || Math.floorMod(value, step) != 0) {
      return -1;
    }
    return value & (width >= 64 ? -1L : (1L << width) - 1);
  }

  /// {@return whether the class is a finite map of texts, so that it may be a suffix of a name}
  public boolean finite() {
    return readings.size() == 1 && readings.getFirst() instanceof Reading.Texts;
  }

  /// {@return the register file whose registers are named here, or null}
  public @Nullable RegisterFile file() {
    for (Reading reading : readings) {
      if (reading instanceof Reading.Register(var file, _)) {
        return file;
      }
    }
    return null;
  }
}
