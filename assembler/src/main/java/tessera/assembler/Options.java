package tessera.assembler;

import java.util.ArrayDeque;
import java.util.Deque;

/// What `.option` sets, with its stack.
final class Options {
  private record Setting(boolean relax, boolean compressed, boolean pic) {}

  private final boolean mayRelax;
  private final boolean mayCompress;
  private final Deque<Setting> kept = new ArrayDeque<>();
  private Setting setting;

  /// @param mayRelax whether a linker follows that may shorten instructions
  /// @param mayCompress whether the ISA has short instructions
  Options(boolean mayRelax, boolean mayCompress) {
    this.mayRelax = mayRelax;
    this.mayCompress = mayCompress;
    this.setting = new Setting(mayRelax, mayCompress, false);
  }

  boolean relax() {
    return setting.relax();
  }

  boolean compressed() {
    return setting.compressed();
  }

  boolean pic() {
    return setting.pic();
  }

  boolean mayCompress() {
    return mayCompress;
  }

  void relax(boolean on) {
    setting = new Setting(on && mayRelax, setting.compressed(), setting.pic());
  }

  void compressed(boolean on) {
    setting = new Setting(setting.relax(), on && mayCompress, setting.pic());
  }

  void pic(boolean on) {
    setting = new Setting(setting.relax(), setting.compressed(), on);
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
