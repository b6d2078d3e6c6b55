package tessera.assembler;

import java.util.ArrayDeque;
import java.util.Deque;

/// What `.option` sets, with its stack.
final class Options {
  private record Setting(boolean relax, boolean pic, ArchTarget arch) {}

  private final boolean mayRelax;
  private final ArchTarget whole;
  private final Deque<Setting> kept = new ArrayDeque<>();
  private Setting setting;

  /// @param mayRelax whether a linker follows that may shorten instructions
  /// @param whole all that the ISA has
  Options(boolean mayRelax, ArchTarget whole) {
    this.mayRelax = mayRelax;
    this.whole = whole;
    this.setting = new Setting(mayRelax, false, whole);
  }

  boolean relax() {
    return setting.relax();
  }

  /// {@return whether instructions of 2 bytes may be taken}
  boolean compressed() {
    return setting.arch().compressed();
  }

  boolean pic() {
    return setting.pic();
  }

  /// {@return whether the ISA has instructions of 2 bytes}
  boolean mayCompress() {
    return whole.compressed();
  }

  /// {@return the extensions that may be used now}
  ArchTarget arch() {
    return setting.arch();
  }

  void relax(boolean on) {
    setting = new Setting(on && mayRelax, setting.pic(), setting.arch());
  }

  void compressed(boolean on) {
    if (on != compressed()) {
      arch(on ? setting.arch().with("c") : setting.arch().without("c"));
    }
  }

  void pic(boolean on) {
    setting = new Setting(setting.relax(), on, setting.arch());
  }

  void arch(ArchTarget arch) {
    setting = new Setting(setting.relax(), setting.pic(), arch);
  }

  void push() {
    kept.push(setting);
  }

  /// {@return false if nothing was pushed; else goes back to it}
  boolean pop() {
    if (kept.isEmpty()) {
      return false;
    }
    setting = kept.pop();
    return true;
  }
}
