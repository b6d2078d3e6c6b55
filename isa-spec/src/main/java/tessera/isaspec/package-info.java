/// The checked model of a specification: an [Isa] is the closure of an ISA string, with all that
/// the texts say of its instructions, state and machine. Read [Isa] and [Instruction] first.
///
/// In go texts (`*.isa`), out come checked models or diagnostics. Everything else in Tessera
/// (assembler, emulator, manual, tests) reads these types; nothing else knows an instruction by
/// name.
package tessera.isaspec;
