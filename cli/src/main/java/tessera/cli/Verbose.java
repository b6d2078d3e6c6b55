package tessera.cli;

import tessera.elf.Elf;
import tessera.emulator.Guest;
import tessera.emulator.Platform;

/// What `run -v` says before the program starts.
final class Verbose {
  private Verbose() {}

  static String before(Guest guest, Platform platform, Elf elf, boolean vectors) {
    boolean tohost =
        guest.symbols().find("tohost").isPresent() || elf.section("tohost").isPresent();
    String mode = tohost ? "a symbol 'tohost'" : "no 'tohost'; system calls end it";
    return "tessera: "
        + guest.isa().name()
        + " on "
        + guest.isa().machine().name()
        + "\ntessera: bare metal ("
        + mode
        + "), entry "
        + FaultReport.place(guest)
        + "\ntessera: main memory "
        + Sizes.text(platform.memory())
        + (platform.strict() ? ", strict" : "")
        + "\ntessera: tile kernels "
        + (vectors ? "on the Vector API" : "plain")
        + "\n";
  }
}
