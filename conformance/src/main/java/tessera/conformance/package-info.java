/// Random states and words, made of a specification alone, and what must hold of them.
///
/// A [tessera.conformance.Case] is a [tessera.conformance.Snapshot] and a few words; a
/// [tessera.conformance.Generator] makes it, running the plain evaluator as it goes, so that every
/// instruction meets a state in which it does something. A [tessera.conformance.dut.Dut] says what
/// a device makes of a case; [tessera.conformance.Differences] compares,
/// [tessera.conformance.Shrinker] finds the smallest case that still differs, and
/// [tessera.conformance.Reproducer] writes it as a program. Read [tessera.conformance.Differential]
/// first: it is the loop around all of them.
///
/// Nothing here knows an instruction. What an operand is for (the base of an address, the target of
/// a jump) is found out by trying ([tessera.conformance.Roles]). Nothing here touches files or
/// starts programs: that is what [tessera.conformance.ForeignTools] is for.
package tessera.conformance;
