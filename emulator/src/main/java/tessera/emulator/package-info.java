/// [Emulator] loads an ELF file into a machine; the [Guest] it gives runs with an [Engine] until an
/// [Exit]. A [Hart] is the state of one core, an [Observer] is told what happens to it.
///
/// Nothing here knows an instruction: what a word does comes from the specification text.
package tessera.emulator;
