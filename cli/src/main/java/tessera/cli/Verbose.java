package tessera.cli;

import tessera.emulator.Guest;
import tessera.emulator.Platform;

/// What `run -v` says before the program starts.
final class Verbose {
  private Verbose() {}

  static String before(Guest guest, Platform platform, Mode mode, boolean vectors) {
    return "tessera: "
        + guest.isa().shortName()
        + " on "
        + guest.isa().machine().name()
        + "\ntessera: "
        + mode.text()
        + ", entry "
        + FaultReport.place(guest)
        + "\ntessera: main memory "
        + Sizes.text(platform.memory())
        + (platform.strict() ? ", strict" : "")
        + "\ntessera: tile kernels "
        + (vectors ? "on the Vector API" : "plain")
        + "\n";
  }
}
