package tessera.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tessera.compiler.emit.Operand.Bank;
import tessera.compiler.emit.Operand.Virtual;

class RegistersTest {
  /// Straight-line code of moves and sums, run once over virtual registers and once as it was
  /// allocated.
  @Property(tries = 300)
  void allocatedCodeComputesTheSame(@ForAll long seed) {
    var random = new Random(seed);
    var items = new ArrayList<Item>();
    var live = new ArrayList<Virtual>();
    for (int i = 0; i < 120; i++) {
      var result = new Virtual(Bank.X, i);
      List<Operand> operands = new ArrayList<>(List.of(result));
      if (live.size() < 2 || random.nextInt(3) == 0) {
        operands.add(Operand.imm(random.nextInt(1000)));
        items.add(new Item.Insn("li", operands, true));
      } else {
        operands.add(live.get(random.nextInt(live.size())));
        operands.add(live.get(random.nextInt(live.size())));
        items.add(new Item.Insn("add", operands, true));
      }
      live.add(result);
    }
    for (Virtual register : live) {
      items.add(new Item.Insn("out", List.of(register), false));
    }
    Registers.Allocated allocated = Registers.allocate(items);
    assertTrue(allocated.frame() > 0, "120 registers do not fit");
    assertEquals(run(items), run(allocated.items()));
  }

  private static List<Long> run(List<Item> items) {
    Map<String, Long> state = new HashMap<>();
    var out = new ArrayList<Long>();
    for (Item item : items) {
      var insn = (Item.Insn) item;
      List<Operand> operands = insn.operands();
      String first = operands.getFirst().toString();
      switch (insn.mnemonic()) {
        case "li" -> state.put(first, ((Operand.Imm) operands.get(1)).value());
        case "add" ->
            state.put(first, value(state, operands.get(1)) + value(state, operands.get(2)));
        case "ld" -> state.put(first, value(state, operands.get(1)));
        case "sd" -> state.put(operands.get(1).toString(), value(state, operands.getFirst()));
        case "out" -> out.add(value(state, operands.getFirst()));
        default -> throw new AssertionError(insn);
      }
    }
    return out;
  }

  private static long value(Map<String, Long> state, Operand operand) {
    Long value = state.get(operand.toString());
    if (value == null) {
      throw new AssertionError(operand + " is read before it is written");
    }
    return value;
  }

  /// What a loop reads and was written before it must outlive the loop's last line, for the next
  /// round.
  @Test
  void registersLiveForAllRoundsOfALoop() {
    Code code = Code.empty();
    Virtual step = code.x("li", Operand.imm(3));
    Virtual sum = code.x("li", Operand.imm(0));
    code.times(
        4,
        () -> {
          code.set(sum, "add", sum, step);
          // Whoever is thought dead loses its register to one of these.
          var others = new ArrayList<Virtual>();
          for (int i = 0; i < 20; i++) {
            others.add(code.x("li", Operand.imm(100 + i)));
          }
          others.forEach(other -> code.op("out", other));
        });
    code.op("out", sum);
    var inLoop = new ArrayList<String>();
    String stepPlace = "";
    for (Item item : Registers.allocate(code.items()).items()) {
      if (item instanceof Item.Insn insn && insn.mnemonic().equals("li")) {
        boolean isStep = insn.operands().get(1).equals(Operand.imm(3));
        stepPlace = isStep ? insn.operands().getFirst().toString() : stepPlace;
        if (((Operand.Imm) insn.operands().get(1)).value() >= 100) {
          inLoop.add(insn.operands().getFirst().toString());
        }
      }
    }
    assertTrue(!stepPlace.isEmpty() && !inLoop.contains(stepPlace), stepPlace + " " + inLoop);
  }
}
