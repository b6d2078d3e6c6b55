package tessera.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;

/// What a campaign came to says which instructions ran too seldom, and can be read again.
class CampaignRecordTest {
  private static final Isa ISA = Isa.load(Isa.Request.bundled("tiny4").isa("rv64i")).orThrow();

  @Test
  void namesWhatRanTooSeldom() {
    Coverage coverage = Coverage.of(ISA.instructions());
    for (Instruction insn : ISA.instructions()) {
      for (int i = 0; i < CampaignRecord.ENOUGH; i++) {
        coverage.executed(insn);
      }
    }
    CampaignRecord.Counts all = new CampaignRecord.Counts(coverage, 1, 0, 0);
    assertEquals("none", CampaignRecord.of(Map.of(), all).values().get("fewer"));

    Coverage more = Coverage.of(List.of(ISA.instructions().getFirst()));
    more.trapped(ISA.instructions().getFirst()); // one that always traps has run so often
    CampaignRecord.Counts few = new CampaignRecord.Counts(more, 1, 0, 0);
    String name = ISA.instructions().getFirst().name();
    assertEquals(name + " 1", CampaignRecord.of(Map.of(), few).values().get("fewer"));
  }

  @Test
  void isReadAsItWasWritten() {
    CampaignRecord.Counts counts =
        new CampaignRecord.Counts(Coverage.of(ISA.instructions()), 12, 3, 4);
    CampaignRecord record =
        CampaignRecord.of(Map.of("date", "2026-01-02", "isa", "rv64i", "seed", "5"), counts);
    String twice = "# a comment\n" + record.text() + record.text();
    assertEquals(List.of(record, record), CampaignRecord.parse(twice));
    assertTrue(record.markdown().contains("**3 differences**"), record.markdown());
  }
}
