package tessera.emulator.timing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.emulator.InstructionInfo;
import tessera.emulator.timing.Footprint.Flow;
import tessera.emulator.timing.Footprint.Order;
import tessera.emulator.timing.Footprint.Role;
import tessera.emulator.timing.Footprint.Tile;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Unbound;

/// Finds out what is known of an instruction word before it runs, from its text and the machine's
/// costs alone.
final class CostModel {
  private static final int SCALAR_BITS = 64;

  private final Isa isa;
  private final Pipeline pipeline;
  private final Map<RegisterFile, Integer> bases = new HashMap<>();
  private int scalars;
  private int tiles;

  CostModel(Isa isa, Pipeline pipeline) {
    this.isa = isa;
    this.pipeline = pipeline;
    for (RegisterFile file : isa.registerFiles()) {
      boolean scalar = file.width() <= SCALAR_BITS;
      bases.put(file, scalar ? scalars : tiles);
      scalars += scalar ? file.count() : 0;
      tiles += scalar ? 0 : file.count();
    }
  }

  /// {@return the number of registers in all files of at most 64 bits}
  int scalars() {
    return scalars;
  }

  /// {@return the number of registers in all wider files}
  int tiles() {
    return tiles;
  }

  /// {@return what the word will do, under the modes that it was bound for}
  Footprint footprint(InstructionInfo info) {
    Bound bound = info.bound();
    Effects effects = Effects.of(bound.body());
    Effects always = Effects.of(general(info).body());
    int[] reads = scalarRegisters(effects.reads);
    int[] writes = scalarRegisters(effects.writes);
    Footprint.Shape shape =
        new Footprint.Shape(
            pipeline.place(bound.cost().unit()),
            classify(bound.cost().kind(), bound.cost().unit(), always),
            always.conditionalJump ? Flow.BRANCH : flow(effects, writes),
            !effects.jumps.isEmpty() && effects.distance().orElse(0) < 0,
            order(effects),
            Marker.of(info.decoded().word()));
    Price price = price(bound.cost(), effects.products);
    return new Footprint(shape, reads, writes, tiles(effects), price);
  }

  /// The meaning before fields are known: a branch whose operands are both x0 is a branch still.
  private static Bound general(InstructionInfo info) {
    try {
      return info.instruction().bind(Map.of());
    } catch (Unbound e) {
      return info.bound();
    }
  }

  private Price price(Bound.Cost cost, long products) {
    Formula.Maker maker = new Formula.Maker();
    Formula issue = maker.make(cost.issue());
    Formula latency = maker.make(cost.latency());
    boolean varies = maker.needsState();
    Pipeline.Group group = pipeline.part(cost.unit()).group();
    boolean none = group != Pipeline.Group.MATRIX && Formula.constant(cost.macs()).orElse(1) == 0;
    Formula macs = none ? null : maker.make(cost.macs());
    if (varies || group != Pipeline.Group.SCALAR) {
      return Price.varying(issue, latency, macs, products);
    }
    long[] memory = {1, pipeline.loadUse(), pipeline.scratchpadLatency()};
    return Price.fixed(issue, latency, macs, memory);
  }

  /// The class that the text names; else what the unit's name and the body say.
  private InstructionClass classify(String kind, String unit, Effects effects) {
    InstructionClass named = InstructionClass.of(kind);
    if (named != null && !kind.isEmpty()) {
      return named;
    }
    if (!effects.jumps.isEmpty()) {
      return effects.conditionalJump ? InstructionClass.BRANCH : InstructionClass.JUMP;
    }
    if (effects.fence) {
      return InstructionClass.FENCE;
    }
    return switch (pipeline.part(unit).group()) {
      case MATRIX -> InstructionClass.TILE_PRODUCT;
      case LANES -> InstructionClass.TILE_ELEMENTWISE;
      case PORT -> effects.stores ? InstructionClass.TILE_STORE : InstructionClass.TILE_LOAD;
      case SCALAR -> scalarClass(unit, effects);
    };
  }

  private static InstructionClass scalarClass(String unit, Effects effects) {
    if (effects.stores) {
      return InstructionClass.STORE;
    }
    if (effects.loads) {
      return InstructionClass.LOAD;
    }
    if (effects.csr) {
      return InstructionClass.CSR;
    }
    return switch (unit) {
      case "MUL" -> InstructionClass.MUL;
      case "DIV" -> InstructionClass.DIV;
      case "CSR" -> InstructionClass.CSR;
      case "FPU", "FDIV" -> InstructionClass.FP;
      default -> InstructionClass.INT;
    };
  }

  private static Flow flow(Effects effects, int[] writes) {
    if (effects.jumps.isEmpty()) {
      return Flow.NEXT;
    }
    return effects.distance().isPresent() || returns(effects, writes) ? Flow.JUMP : Flow.INDIRECT;
  }

  /// A return is a jump whose target a predictor knows: `x1` or `x5` is read and nothing is linked
  /// (unprivileged manual, 2.5.1, hints for return-address stacks).
  private static boolean returns(Effects effects, int[] writes) {
    if (writes.length > 0 || effects.reads.size() != 1) {
      return false;
    }
    Effects.Registers read = effects.reads.iterator().next();
    long number = Formula.constant(read.first()).orElse(-1);
    return read.file().name().equals("x") && (number == 1 || number == 5);
  }

  private static Order order(Effects effects) {
    if (effects.codeFence) {
      return Order.CODE;
    }
    if (effects.fence) {
      return Order.MEMORY;
    }
    return effects.csr ? Order.SERIAL : Order.NONE;
  }

  private int[] scalarRegisters(Iterable<Effects.Registers> registers) {
    List<Integer> numbers = new ArrayList<>();
    for (Effects.Registers r : registers) {
      if (r.file().width() <= SCALAR_BITS && r.file().count() > 1) {
        int base = base(r.file());
        int first = (int) Formula.constant(r.first()).orElse(0);
        boolean known = Formula.constant(r.first()).isPresent() && r.span() == null;
        int end = known ? first + 1 : r.file().count();
        for (int i = known ? first : 0; i < end; i++) {
          if (!Integer.valueOf(i).equals(r.file().zero()) && !numbers.contains(base + i)) {
            numbers.add(base + i);
          }
        }
      }
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private int base(RegisterFile file) {
    Integer base = bases.get(file);
    if (base == null) {
      throw new IllegalArgumentException(file + " is not a file of " + isa.name());
    }
    return base;
  }

  /// Groups that are written come last, operands in the order in which the body reads them.
  private List<Tile> tiles(Effects effects) {
    List<Tile> result = new ArrayList<>();
    for (Effects.Registers r : effects.reads) {
      if (r.file().width() > SCALAR_BITS && !effects.writes.contains(r)) {
        result.add(tile(r, result.isEmpty() ? Role.FIRST_OPERAND : Role.OTHER_OPERAND));
      }
    }
    for (Effects.Registers r : effects.writes) {
      if (r.file().width() > SCALAR_BITS) {
        result.add(tile(r, effects.reads.contains(r) ? Role.ACCUMULATOR : Role.RESULT));
      }
    }
    return List.copyOf(result);
  }

  private Tile tile(Effects.Registers registers, Role role) {
    RegisterFile file = registers.file();
    Expr span = registers.span() == null ? Effects.number(1) : registers.span();
    boolean placed = !(registers.first() instanceof Expr.LocalValue);
    return placed
        ? new Tile(base(file), file.count(), Formula.of(registers.first()), Formula.of(span), role)
        : new Tile(base(file), file.count(), (_, _) -> 0, (_, _) -> file.count(), role);
  }
}
