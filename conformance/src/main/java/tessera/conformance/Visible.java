package tessera.conformance;

import java.util.List;
import tessera.isaspec.Csr;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// What of a state a device lets be seen, and may be set on it.
///
/// @param files register files, without the pc
/// @param csrs CSRs that store something
public record Visible(List<RegisterFile> files, List<Csr> csrs) {

  /// {@return all of it}
  public static Visible all(Isa isa) {
    List<Csr> stored = isa.csrs().stream().filter(c -> c.shown() == null).toList();
    return new Visible(isa.registerFiles(), stored);
  }

  /// {@return those of these names that the ISA has}
  public static Visible of(Isa isa, List<String> files, List<String> csrs) {
    return new Visible(
        isa.registerFiles().stream().filter(f -> files.contains(f.name())).toList(),
        isa.csrs().stream().filter(c -> csrs.contains(c.name())).toList());
  }
}
