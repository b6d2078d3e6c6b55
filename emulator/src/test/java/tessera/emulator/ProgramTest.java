package tessera.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Segment;
import tessera.elf.SegmentType;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.AccessKind;

/// Whole programs, the same on every engine.
class ProgramTest {
  private static final Isa ISA = Isa.bundled("tiny4");
  private static final long BASE = Programs.BASE;

  enum Kind {
    REFERENCE,
    INTERPRETER
  }

  private static Emulator emulator(Kind kind) {
    Emulator plain = Emulator.of(ISA);
    return switch (kind) {
      case REFERENCE -> plain.with(Reference.of(ISA));
      case INTERPRETER -> plain;
    };
  }

  private static Programs program() {
    return new Programs(ISA);
  }

  private static Programs counting(int times) {
    return program()
        .li(5, times)
        .add("addi", "rd", 5, "rs1", 5, "imm", -1)
        .add("bne", "rs1", 5, "rs2", 0, "to", -4)
        .exit(7);
  }

  // ------------------------------------------------------------------ endings

  @ParameterizedTest
  @EnumSource
  void exitsWithItsCode(Kind kind) {
    Guest guest = Programs.guest(emulator(kind), counting(5).elf());
    assertEquals(new Exit.Halted(7, "exit"), guest.run(1000));
    assertEquals(1 + 2 * 5 + 3, guest.hart().retired());
  }

  @ParameterizedTest
  @EnumSource
  void writesAndReads(Kind kind) {
    Programs.Tape tape = new Programs.Tape("ab\ncd");
    // read(0, sp - 16, 16), then write(1, sp - 16, what was read)
    Elf elf =
        program()
            .li(10, 0)
            .add("addi", "rd", 11, "rs1", 2, "imm", -16)
            .li(12, 16)
            .li(17, 63)
            .add("ecall")
            .add("addi", "rd", 12, "rs1", 10, "imm", 0)
            .li(10, 1)
            .li(17, 64)
            .add("ecall")
            .exit(0)
            .elf();
    assertEquals(
        new Exit.Halted(0, "exit"), Programs.guest(emulator(kind).with(tape), elf).run(1000));
    assertEquals("ab\n", tape.printed());
  }

  @ParameterizedTest
  @EnumSource
  void storeToTohostPrintsAndEnds(Kind kind) {
    Programs.Tape tape = new Programs.Tape("");
    // t0 = address of tohost, 64 bytes behind the start; t1 = 1 << 56 | 1 << 48 | 'x'
    Elf elf =
        program()
            .add("auipc", "rd", 5, "imm", 0)
            .li(6, 0x101)
            .add("slli", "rd", 6, "rs1", 6, "shamt", 48)
            .add("addi", "rd", 6, "rs1", 6, "imm", (int) 'x')
            .add("sd", "rs1", 5, "rs2", 6, "imm", 0x40)
            .li(6, 3 << 1 | 1)
            .add("sd", "rs1", 5, "rs2", 6, "imm", 0x40)
            .add("jal", "rd", 0, "to", 0)
            .symbol("tohost", BASE + 0x40)
            .elf();
    Guest guest = Programs.guest(emulator(kind).with(tape), elf);
    assertEquals(new Exit.Halted(3, "tohost"), guest.run(1000));
    assertEquals("x", tape.printed());
    assertEquals(7, guest.hart().retired());
  }

  @ParameterizedTest
  @EnumSource
  void aJumpToItselfIsSeenAtOnce(Kind kind) {
    Guest guest =
        Programs.guest(emulator(kind), program().li(5, 1).add("jal", "rd", 0, "to", 0).elf());
    assertEquals(new Exit.Endless(1), guest.run(10_000));
    assertEquals(1, guest.hart().retired());
    assertEquals(BASE + 4, guest.hart().pc());
  }

  @ParameterizedTest
  @EnumSource
  void aLoopThatDoesNothingIsSeenAtOnce(Kind kind) {
    Elf elf = program().li(0, 0).add("jal", "rd", 0, "to", -4).elf();
    Guest guest = Programs.guest(emulator(kind), elf);
    assertEquals(new Exit.Endless(2), guest.run(10_000));
  }

  @ParameterizedTest
  @EnumSource
  void aTrapLeavesTheStateBefore(Kind kind) {
    // lw t0, 0(zero): nothing is there
    Elf elf = program().li(5, 9).add("lw", "rd", 5, "rs1", 0, "imm", 0).elf();
    Guest guest = Programs.guest(emulator(kind), elf);
    Exit.Trapped trapped = assertInstanceOf(Exit.Trapped.class, guest.run(1000));
    assertEquals("access_fault", trapped.trap().trap());
    assertEquals(5, trapped.trap().cause());
    assertEquals(0, trapped.trap().value());
    assertEquals(BASE + 4, guest.hart().pc());
    assertEquals(1, guest.hart().retired());
    assertEquals(9, guest.hart().registers()[5 + guest.hart().offset(file("x"))]);
  }

  private static tessera.isaspec.RegisterFile file(String name) {
    var file = ISA.registerFile(name);
    assertNotNull(file);
    return file;
  }

  // ------------------------------------------------------------------ budgets

  @ParameterizedTest
  @EnumSource
  void budgetsAreExact(Kind kind) {
    for (int budget = 0; budget < 14; budget++) {
      Guest guest = Programs.guest(emulator(kind), counting(5).elf());
      assertEquals(new Exit.BudgetSpent(), guest.run(budget));
      assertEquals(budget, guest.hart().retired());
    }
  }

  @Test
  void aRunInPiecesIsTheRun() {
    Map<String, String> whole = null;
    for (int piece : new int[] {1, 2, 3, 7, 1000}) {
      Guest guest = Programs.guest(emulator(Kind.INTERPRETER), counting(20).elf());
      Sums sums = new Sums();
      guest.hart().observer(sums);
      Exit exit;
      do {
        exit = guest.run(piece);
      } while (exit instanceof Exit.BudgetSpent);
      assertEquals(new Exit.Halted(7, "exit"), exit);
      Map<String, String> state = Snapshot.of(guest.hart());
      state.put("sums", sums.toString());
      whole = whole == null ? state : whole;
      assertEquals(whole, state, "in pieces of " + piece);
    }
  }

  // ------------------------------------------------------------------ what observers are told

  /// Adds up by name what it is told, in either way.
  private static final class Sums implements Observer {
    private final Map<String, Long> times = new TreeMap<>();

    @Override
    public Detail detail() {
      return Detail.TOTALS;
    }

    @Override
    public void retired(InstructionInfo info, Step step) {
      add(info, 1, step.taken() ? 1 : 0);
      for (int i = 0; i < step.runs(); i++) {
        times.merge(step.place(i) + " " + step.kind(i), step.bytes(i), Long::sum);
      }
    }

    @Override
    public void retired(InstructionInfo info, long n, long taken) {
      add(info, n, taken);
      if (info.loads() > 0) {
        times.merge("RAM LOAD", n * info.loads(), Long::sum);
      }
      if (info.stores() > 0) {
        times.merge("RAM STORE", n * info.stores(), Long::sum);
      }
    }

    private void add(InstructionInfo info, long n, long taken) {
      times.merge(info.toString(), n, Long::sum);
      times.merge(info + " taken", taken, Long::sum);
    }

    @Override
    public String toString() {
      return times.toString();
    }
  }

  /// Loads and stores to memory and scratchpad, branches both ways, a call.
  private static Elf varied() {
    return program()
        .li(5, 6)
        .add("lui", "rd", 6, "imm", 0x40000)
        .add("auipc", "rd", 7, "imm", 1)
        .add("sd", "rs1", 6, "rs2", 5, "imm", 8)
        .add("lw", "rd", 28, "rs1", 6, "imm", 8)
        .add("sh", "rs1", 7, "rs2", 5, "imm", 2)
        .add("lbu", "rd", 29, "rs1", 7, "imm", 3)
        .add("andi", "rd", 30, "rs1", 5, "imm", 1)
        .add("beq", "rs1", 30, "rs2", 0, "to", 8)
        .add("jal", "rd", 1, "to", 28)
        .add("addi", "rd", 5, "rs1", 5, "imm", -1)
        .add("bne", "rs1", 5, "rs2", 0, "to", -32)
        .exit(0)
        .li(0, 0)
        .add("mul", "rd", 31, "rs1", 5, "rs2", 5)
        .add("jalr", "rd", 0, "rs1", 1, "imm", 0)
        .elf();
  }

  @Test
  void sumsAreTheSameOnEveryEngine() {
    List<String> told = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Guest guest = Programs.guest(emulator(kind), varied());
      Sums sums = new Sums();
      guest.hart().observer(sums);
      assertEquals(new Exit.Halted(0, "exit"), guest.run(1000));
      told.add(sums.toString());
      long counted =
          sums.times.entrySet().stream()
              .filter(e -> ISA.instruction(e.getKey()) != null)
              .mapToLong(Map.Entry::getValue)
              .sum();
      assertEquals(guest.hart().retired(), counted);
      assertTrue(sums.times.getOrDefault("SCRATCHPAD STORE", 0L) > 0, told.toString());
    }
    assertEquals(told.getFirst(), told.getLast());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsStoredIsRun(Kind kind) {
    // Runs `addi a0, a0, 1`, stores `addi a0, a0, 16` over it, runs that, and exits with the sum.
    int other = (int) Words.of(ISA, "addi", Map.of("rd", 10L, "rs1", 10L, "imm", 16L));
    Elf elf =
        program()
            .add("auipc", "rd", 5, "imm", 0)
            .li(7, 2)
            .li(10, 0)
            .add("lw", "rd", 6, "rs1", 5, "imm", 0x28)
            .add("addi", "rd", 10, "rs1", 10, "imm", 1)
            .add("sw", "rs1", 5, "rs2", 6, "imm", 0x10)
            .add("addi", "rd", 7, "rs1", 7, "imm", -1)
            .add("bne", "rs1", 7, "rs2", 0, "to", -12)
            .li(17, 93)
            .add("ecall")
            .word(other)
            .elf();
    Guest guest = Programs.guest(emulator(kind), elf);
    assertEquals(new Exit.Halted(17, "exit"), guest.run(1000));
  }

  // ------------------------------------------------------------------ hostile programs

  private static List<String> refused(Elf elf) {
    return switch (Emulator.of(ISA).load(elf)) {
      case Emulator.Loaded.Ready _ -> List.of();
      case Emulator.Loaded.Refused(var diagnostics) ->
          diagnostics.stream().map(Diagnostic::code).toList();
    };
  }

  private static Elf segments(Segment... segments) {
    Elf.Builder builder = Elf.builder(Elf.Type.EXEC).entry(BASE);
    Stream.of(segments).forEach(builder::segment);
    return builder.build();
  }

  private static Segment segment(long address, long size) {
    return new Segment(SegmentType.LOAD, Segment.READ, address, size, 1, Bytes.empty());
  }

  @Test
  void refusesWhatCanNotBeLoaded() {
    assertEquals(List.of("elf-empty"), refused(segments()));
    assertEquals(List.of("elf-too-large"), refused(segments(segment(0, Long.MAX_VALUE))));
    assertEquals(List.of("elf-segment"), refused(segments(segment(-16, 32))));
    assertEquals(List.of("elf-segment"), refused(segments(segment(0x0200_0000L, 16))));
    assertEquals(
        List.of("elf-segment"), refused(segments(segment(0x1000, 64), segment(0x1020, 64))));
    assertEquals(
        List.of("elf-type"), refused(Elf.builder(Elf.Type.REL).segment(segment(BASE, 16)).build()));
  }

  @Test
  void aSegmentElsewhereIsARegionOfItsOwn() {
    assertEquals(List.of(), refused(segments(segment(0x1000, 64), segment(-64, 64))));
  }

  @ParameterizedTest
  @EnumSource
  void strictKeepsPermissions(Kind kind) {
    // The text is not writable, and what lies behind it is nothing.
    Elf elf =
        program()
            .add("auipc", "rd", 5, "imm", 0)
            .add("sw", "rs1", 5, "rs2", 0, "imm", 0)
            .elf(Segment.READ | Segment.EXECUTE);
    Emulator strict = emulator(kind).on(Platform.standard().strictly());
    Exit.Trapped trapped =
        assertInstanceOf(Exit.Trapped.class, Programs.guest(strict, elf).run(10));
    assertEquals(7, trapped.trap().cause());
    assertEquals(BASE, trapped.trap().value());
  }

  @ParameterizedTest
  @EnumSource
  void memoryIsBounded(Kind kind) {
    // Stores to a new page for ever.
    Elf elf =
        program()
            .add("auipc", "rd", 5, "imm", 16)
            .add("lui", "rd", 6, "imm", 1)
            .add("sw", "rs1", 5, "rs2", 0, "imm", 0)
            .add("add", "rd", 5, "rs1", 5, "rs2", 6)
            .add("jal", "rd", 0, "to", -8)
            .elf();
    Emulator small = emulator(kind).on(Platform.standard().withHostMemory(1 << 18));
    Guest guest = Programs.guest(small, elf);
    assertEquals(new Exit.MemoryExhausted(1 << 18), guest.run(1_000_000));
    assertTrue(guest.memory().touched() <= 1 << 18);
  }

  @Test
  void randomWordsEndTheSameWay() {
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < 60; i++) {
      Programs wild = program();
      for (int k = 0; k < 40; k++) {
        List<tessera.isaspec.Instruction> all = ISA.instructions();
        boolean known = random.nextInt(20) != 0;
        wild.word(
            known
                ? (int) Words.random(all.get(random.nextInt(all.size())), random)
                : random.nextInt());
      }
      Elf elf = wild.elf();
      List<String> ends = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        Guest guest = Programs.guest(emulator(kind), elf);
        Exit exit = guest.run(500);
        String how =
            exit instanceof Exit.Trapped(var trap)
                ? trap.trap() + trap.cause() + " " + trap.value()
                : exit.toString();
        ends.add(how + Snapshot.of(guest.hart()));
      }
      assertEquals(ends.getFirst(), ends.getLast(), "program " + i);
    }
  }

  @Test
  void stacksAndEntriesAreWhereTheyBelong() {
    Guest guest = Programs.guest(emulator(Kind.INTERPRETER), program().exit(0).elf());
    assertEquals(BASE, guest.hart().pc());
    assertEquals(0x8400_0000L, guest.hart().readRegister(file("x"), 2));
    assertEquals(0, guest.memory().load(0x83ff_fff8L, 8, AccessKind.LOAD));
  }
}
