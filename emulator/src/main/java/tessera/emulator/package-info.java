/// A [Hart] is the state of one core, an [Observer] is told what happens to it.
///
/// Nothing here knows an instruction: what a word does comes from the specification text.
package tessera.emulator;
