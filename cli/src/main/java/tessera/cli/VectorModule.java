package tessera.cli;

import java.lang.reflect.Method;

/// Brings the JDK's vector module into a Java that was started without it.
///
/// With `--add-modules jdk.incubator.vector` Java prints a warning to standard error at every
/// start, between what the guest prints, and no flag keeps it quiet. The JDK can also load a module
/// later, as it does for its own agents, and then says nothing; the code that is compiled is the
/// same. The way there is not public, so if it ever changes, the kernels' plain twins run instead,
/// slower and with the same results.
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /// Loads the module and lets `user` read it.
  ///
  /// @return whether it is there
  static boolean load(Module user) {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return true;
    }
    try {
      Class<?> modules = Class.forName("jdk.internal.module.Modules");
      Method load = modules.getMethod("loadModule", String.class);
      Module vector = (Module) load.invoke(null, NAME);
      if (user.isNamed()) {
        modules.getMethod("addReads", Module.class, Module.class).invoke(null, user, vector);
      }
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }
}
