package tessera.assembler;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Instruction;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Stmt;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.semantics.Walk;
import tessera.isaspec.syntax.Expansion;
import tessera.isaspec.syntax.Operand;

/// Follows addresses that two instructions make together: the high part in a register, then a low
/// part added to it. Which instructions do so is read from their operand classes and meaning.
final class Addresses {
  private static final int REGISTERS = 32;

  private sealed interface Role {
    /// Puts a high part into a register.
    record High(Operand immediate, Operand register, boolean relative) implements Role {}

    /// Adds a low part to a register.
    record Low(Operand immediate, Operand register, boolean memory, boolean jumps, int width)
        implements Role {}

    record None() implements Role {}
  }

  private static final Role NONE = new Role.None();

  private final Map<Instruction, Role> roles = new HashMap<>();
  private final @Nullable Long[] high = new Long[REGISTERS];

  /// Follows an instruction; {@return the address that it completes}
  ///
  /// @param says whether the text of an instruction says an operand; one that is not said completes
  ///   nothing but a jump, as in objdump
  OptionalLong follow(Decoded insn, long address, BiPredicate<Decoded, String> says) {
    Expansion expansion = insn.instruction().expansion();
    if (expansion != null) {
      boolean plain =
          roles.computeIfAbsent(expansion.target(), Addresses::role)
                  instanceof Role.Low(_, _, var memory, var jumps, _)
              && (memory || jumps);
      // objdump does not follow the short loads, stores and jumps
      return plain
          ? OptionalLong.empty()
          : follow(
              new Decoded(expansion.target(), expansion.word(insn.word()).orElseThrow()),
              address,
              says);
    }
    return switch (roles.computeIfAbsent(insn.instruction(), Addresses::role)) {
      case Role.High(var immediate, var register, var relative) -> {
        long part = immediate.decode(insn.word()) << 44 >> 32;
        high[(int) register.decode(insn.word())] = relative ? address + part : part;
        yield OptionalLong.empty();
      }
      case Role.Low low ->
          low.jumps() || says.test(insn, low.immediate().name())
              ? complete(low, insn.word())
              : OptionalLong.empty();
      case Role.None() -> OptionalLong.empty();
    };
  }

  private OptionalLong complete(Role.Low role, long word) {
    int register = (int) role.register().decode(word);
    long low = role.immediate().decode(word);
    Long known = high[register];
    if (register == 0 || known == null) {
      return register == 0 && role.memory() ? OptionalLong.of(low) : OptionalLong.empty();
    }
    high[register] = null;
    int unused = 64 - role.width();
    return OptionalLong.of(known + low << unused >> unused);
  }

  private static Role role(Instruction instruction) {
    Operand low = null;
    Operand highPart = null;
    for (Operand operand : instruction.operands()) {
      highPart = operand.operandClass().relocations().contains("hi") ? operand : highPart;
      low = operand.operandClass().relocations().contains("lo") ? operand : low;
    }
    if (highPart == null && low == null) {
      return NONE;
    }
    try {
      Stmt body = instruction.bind(Map.of()).body();
      return highPart != null ? high(instruction, highPart, body) : low(instruction, low, body);
    } catch (Unbound e) {
      return NONE;
    }
  }

  private static Role high(Instruction instruction, Operand immediate, Stmt body) {
    boolean[] relative = new boolean[1];
    Walk.statement(body, e -> relative[0] |= e instanceof Expr.Pc);
    return instruction.hasOperand("rd")
        ? new Role.High(immediate, instruction.operand("rd"), relative[0])
        : NONE;
  }

  /// It adds: a sum in its meaning has both the register and the immediate.
  private static Role low(Instruction instruction, @Nullable Operand immediate, Stmt body) {
    if (immediate == null || !instruction.hasOperand("rs1")) {
      return NONE;
    }
    int[] width = new int[1];
    Walk.statement(
        body,
        e -> {
          if (e instanceof Expr.Binary(var op, var left, var right, Type.Bits(_, var bits))
              && op == Expr.BinaryOp.ADD
              && reads(left, "rs1")
              && reads(right, immediate.name())) {
            width[0] = bits;
          }
        });
    boolean memory = instruction.templates().getFirst().toString().contains("(");
    return width[0] > 0
        ? new Role.Low(immediate, instruction.operand("rs1"), memory, jumps(body), width[0])
        : NONE;
  }

  private static boolean jumps(Stmt body) {
    return switch (body) {
      case Stmt.Jump _ -> true;
      case Stmt.Block(var statements) -> statements.stream().anyMatch(Addresses::jumps);
      default -> false;
    };
  }

  private static boolean reads(Expr expr, String field) {
    boolean[] found = new boolean[1];
    Walk.expr(
        expr, e -> found[0] |= e instanceof Expr.FieldValue(var name, _) && name.equals(field));
    return found[0];
  }
}
