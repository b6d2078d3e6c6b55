package tessera.compiler.emit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.compiler.emit.Operand.Bank;
import tessera.compiler.emit.Operand.Virtual;

/// Code in the making, over virtual registers. Constants asked for with [#constant] are made once,
/// before everything else, so that loops do not make them again.
public final class Code {
  private final List<Item> before = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();
  private final Map<Long, Virtual> integers = new HashMap<>();
  private final Map<Integer, Virtual> floats = new HashMap<>();
  private int registers;
  private int labels;

  private Code(int labels) {
    this.labels = labels;
  }

  public static Code empty() {
    return startingAt(0);
  }

  /// Code whose labels are numbered from `labels` on.
  public static Code startingAt(int labels) {
    return new Code(labels);
  }

  /// A register without a value yet.
  public Virtual fresh(Bank bank) {
    return new Virtual(bank, registers++);
  }

  /// Defines a new register by an instruction that writes its first operand; `operands` are the
  /// others.
  public Virtual def(Bank bank, String mnemonic, Operand... operands) {
    Virtual result = fresh(bank);
    set(result, mnemonic, operands);
    return result;
  }

  public Virtual x(String mnemonic, Operand... operands) {
    return def(Bank.X, mnemonic, operands);
  }

  public Virtual f(String mnemonic, Operand... operands) {
    return def(Bank.F, mnemonic, operands);
  }

  /// Writes a register again.
  public void set(Virtual result, String mnemonic, Operand... operands) {
    items.add(insn(result, mnemonic, operands));
  }

  /// An instruction that writes no register: a store, a branch.
  public void op(String mnemonic, Operand... operands) {
    items.add(new Item.Insn(mnemonic, List.of(operands), false));
  }

  private static Item insn(Virtual result, String mnemonic, Operand... operands) {
    var all = new ArrayList<Operand>();
    all.add(result);
    all.addAll(Arrays.asList(operands));
    return new Item.Insn(mnemonic, all, true);
  }

  /// A register that holds an integer everywhere; never write it.
  public Virtual constant(long value) {
    return integers.computeIfAbsent(
        value,
        _ -> {
          Virtual result = fresh(Bank.X);
          before.add(insn(result, "li", Operand.imm(value)));
          return result;
        });
  }

  /// A register that holds a float everywhere; never write it.
  public Virtual constant(float value) {
    return floats.computeIfAbsent(
        Float.floatToRawIntBits(value),
        bits -> {
          Operand source = Operand.word("zero");
          if (bits != 0) {
            Virtual made = fresh(Bank.X);
            before.add(insn(made, "li", Operand.imm(bits)));
            source = made;
          }
          Virtual result = fresh(Bank.F);
          before.add(insn(result, "fmv.w.x", source));
          return result;
        });
  }

  /// A register with the address of a symbol, which may be counted up.
  public Virtual address(Operand.Address address) {
    return x("la", address);
  }

  /// Adds a number to a register.
  public void advance(Virtual register, long by) {
    if (by >= -2048 && by < 2048) {
      if (by != 0) {
        set(register, "addi", register, Operand.imm(by));
      }
    } else {
      set(register, "add", register, constant(by));
    }
  }

  public int label() {
    return labels++;
  }

  public void bind(int label) {
    items.add(new Item.Bind(label));
  }

  public void comment(String text) {
    items.add(new Item.Comment(text));
  }

  /// `body`, over and over; the body's own last instruction is to branch back to the label it is
  /// given.
  public void loop(Body body) {
    int start = label();
    items.add(new Item.LoopBegin());
    bind(start);
    body.emit(new Operand.Target(start));
    items.add(new Item.LoopEnd());
  }

  /// `body`, `count` times, one at least.
  public void times(long count, Runnable body) {
    if (count == 1) {
      body.run();
      return;
    }
    Virtual left = x("li", Operand.imm(count));
    loop(start -> {
      body.run();
      set(left, "addi", left, Operand.imm(-1));
      op("bnez", left, start);
    });
  }

  /// Everything, in order.
  public List<Item> items() {
    var all = new ArrayList<>(before);
    all.addAll(items);
    return all;
  }

  /// What a loop does.
  public interface Body {
    void emit(Operand start);
  }
}
