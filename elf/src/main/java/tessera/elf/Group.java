package tessera.elf;

import java.util.ArrayList;
import java.util.List;

/// A section group: sections that a linker keeps or drops together (`SHT_GROUP`). A section of that
/// type holds in [Section#contents] what [#contents] makes, with indexes of [Elf#sections] where a
/// file has section numbers, and in [Section#info] the index of the symbol that names the group.
///
/// @param comdat whether of several groups of one name a linker keeps one (`GRP_COMDAT`)
/// @param members indexes of [Elf#sections]
public record Group(boolean comdat, List<Integer> members) {
  private static final int COMDAT = 1;
  private static final int WORD = 4;

  public Group {
    members = List.copyOf(members);
  }

  /// {@return the group that a section of type [SectionType#GROUP] describes}
  ///
  /// @throws IllegalArgumentException if its contents are not whole words
  public static Group of(Section section) {
    return read(section.contents());
  }

  static Group read(Bytes contents) {
    if (contents.length() < WORD || contents.length() % WORD != 0) {
      throw new IllegalArgumentException("a group of " + contents.length() + " bytes");
    }
    var members = new ArrayList<Integer>();
    for (int at = WORD; at < contents.length(); at += WORD) {
      members.add(contents.i32(at));
    }
    return new Group((contents.i32(0) & COMDAT) != 0, members);
  }

  /// {@return a section that describes it}
  ///
  /// @param signature the index of the symbol that names it
  public Section section(int signature) {
    return Section.bits(".group", 0, WORD, contents())
        .withType(SectionType.GROUP)
        .withEntrySize(WORD)
        .withInfo(signature);
  }

  /// {@return its words: a flag, then the members}
  Bytes contents() {
    var out = new ByteSink().i32(comdat ? COMDAT : 0);
    members.forEach(out::i32);
    return out.toBytes();
  }
}
