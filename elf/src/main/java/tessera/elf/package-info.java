/// ELF64 files for RISC-V, little-endian: what passes between assembler, compiler and emulator, and
/// between them and the tools of others.
///
/// [Elf][tessera.elf.Elf] is a file as plain data: sections with their relocations, segments,
/// symbols. It is immutable, and its parts name each other by their index.
///
/// ```java
/// switch (ElfReader.read(bytes)) {
///   case ElfResult.Ok<Elf>(var elf) -> load(elf.loaded(), SymbolTable.of(elf));
///   case ElfResult.Failed<Elf>(var problems) -> problems.forEach(this::report);
/// }
/// ```
///
/// - [ElfReader][tessera.elf.ElfReader] makes it of bytes that are not trusted: any bytes give a
///   value or a list of problems, in time and memory that grow with their length only.
/// - [ElfWriter][tessera.elf.ElfWriter] makes bytes of it. Reading what was written gives an equal
///   `Elf` (local symbols come first in a file, so an `Elf` that has them elsewhere changes once).
/// - [Layout][tessera.elf.Layout] gives sections addresses and makes segments of them. It does not
///   apply relocations.
/// - [SymbolTable][tessera.elf.SymbolTable] finds a symbol by name and says an address as
///   `name+0x10`.
/// - [Attributes][tessera.elf.Attributes] and [Arch][tessera.elf.Arch] say for which instruction
///   set a file was made.
///
/// A relocatable object:
///
/// ```java
/// var object = Elf.builder(Elf.Type.REL);
/// int text = object.section(Section.bits(".text", Section.ALLOC | Section.EXECUTE, 4, code).withRelocations(relocations));
/// int main = object.symbol(Symbol.global("main", text, 0).withType(Symbol.Type.FUNC));
/// byte[] file = ElfWriter.write(object.build());
/// ```
///
/// A program: place the sections, resolve what hangs on their addresses, then make segments.
///
/// ```java
/// List<Section> placed = Layout.BARE_METAL.place(sections);
/// Elf program = Layout.BARE_METAL.withSegments(new Elf(Elf.Type.EXEC, entry, flags, resolved, List.of(), symbols));
/// ```
///
/// Wrong bytes are [ElfProblem][tessera.elf.ElfProblem]s, wrong arguments
/// `IllegalArgumentException`s. The clauses cited are those of the System V ABI ("ELF
/// specification") and of the RISC-V ELF psABI ("psABI").
package tessera.elf;
