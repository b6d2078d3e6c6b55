package tessera.emulator.timing;

import java.util.List;

/// What is known of an instruction word before it runs: where it runs, what it reads and writes,
/// and what its execution will cost. Only a [Meter] makes and reads one; an engine keeps it beside
/// the decoded word.
///
/// Scalar registers are numbered through over all files of at most 64 bits, tile registers over all
/// wider ones, in the order of the ISA's files.
public final class Footprint {

  /// How an instruction changes the flow of control.
  enum Flow {
    NEXT,
    BRANCH,
    JUMP,
    /// to the value of a register, but for a return
    INDIRECT
  }

  /// What an instruction makes later ones wait for.
  enum Order {
    NONE,
    /// it waits until tile loads and stores are complete
    MEMORY,
    /// what follows issues only when it is complete
    SERIAL,
    /// what follows is fetched only when it is complete
    CODE
  }

  /// What a group of tile registers is to an instruction.
  enum Role {
    FIRST_OPERAND,
    OTHER_OPERAND,
    /// read and written
    ACCUMULATOR,
    RESULT
  }

  /// A group of tile registers.
  ///
  /// @param base number of the first register of the file
  /// @param limit number of registers of the file
  /// @param first the group's first register within its file
  /// @param span number of registers
  record Tile(int base, int limit, Formula first, Formula span, Role role) {}

  /// Where an instruction runs and what it orders.
  ///
  /// @param part the unit's place in [Pipeline#parts()]
  /// @param kind its class; of a branch, the class when it is not taken
  /// @param backward whether a branch goes backward
  /// @param marker the region that it starts (positive) or ends (negative), else 0
  record Shape(
      int part, InstructionClass kind, Flow flow, boolean backward, Order order, int marker) {}

  final Shape shape;
  final int[] reads;
  final int[] writes;
  final List<Tile> tiles;
  final Price price;

  /// @param reads scalar registers read
  /// @param writes scalar registers written
  /// @param tiles groups of tile registers, each once
  Footprint(Shape shape, int[] reads, int[] writes, List<Tile> tiles, Price price) {
    this.shape = shape;
    this.reads = reads;
    this.writes = writes;
    this.tiles = tiles;
    this.price = price;
  }

  /// {@return its class; of a branch, the class when it is not taken}
  public InstructionClass kind() {
    return shape.kind;
  }
}
