package tessera.emulator.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tessera.emulator.Words;
import tessera.isaspec.Isa;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.Stmt;

/// A row of a tile load is one copy where its place is known, and waits for the step's end where it
/// is not (language.md R4).
class RowCopyTest {
  private static final Isa ISA = Isa.bundled("tiny4");

  /// `ta.ld.a.e8 mt1, (x15), x15`
  private static Binding load(Binding.ModeValues modes) {
    long word = Words.of(ISA, "ta.ld.a.", Map.of("t", 9L, "ew", 1L, "rs1", 15L, "rs2", 15L));
    Decoded decoded = ISA.decoder().decode(word);
    assertNotNull(decoded);
    return Binding.of(ISA, decoded, modes);
  }

  private static Stmt.For row(Binding binding) {
    Bound bound = binding.bound();
    assertNotNull(bound);
    List<Stmt.For> rows = new ArrayList<>();
    new Walk() {
      @Override
      void stmt(Stmt stmt) {
        if (stmt instanceof Stmt.For loop) {
          rows.add(loop);
        }
        super.stmt(stmt);
      }
    }.stmt(bound.body());
    assertEquals(1, rows.size());
    return rows.getFirst();
  }

  @Test
  void aLoadIsBoundForTheGroupItUses() {
    Binding binding = load(mode -> ISA.modes().get(mode).values().getFirst());
    List<String> used = binding.modes().stream().map(i -> ISA.modes().get(i).name()).toList();
    assertEquals(List.of("GM"), used);
  }

  @Test
  void whereItsPlaceIsKnownItIsOneCopy() {
    Stmt.For row = row(load(mode -> ISA.modes().get(mode).values().getFirst()));
    assertNotNull(RowCopy.of(row));
    assertFalse(Hazards.in(List.of(row)));
  }

  @Test
  void elseItsWritesWait() {
    Stmt.For row = row(load(_ -> Binding.NO_VALUE));
    assertNull(RowCopy.of(row));
    assertTrue(Hazards.in(List.of(row)), "a load may fault when elements are written");
  }
}
