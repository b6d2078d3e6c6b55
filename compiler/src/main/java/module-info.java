import org.jspecify.annotations.NullMarked;

/// ONNX models to programs for a machine.
@NullMarked
module tessera.compiler {
  requires static org.jspecify;
  requires transitive tessera.isaspec;
  requires transitive tessera.elf;
  requires tessera.assembler;
  requires com.google.protobuf;

  exports tessera.compiler;
  exports tessera.compiler.emit;
  exports tessera.compiler.graph;
  exports tessera.compiler.importer;
  exports tessera.compiler.onnx;
  exports tessera.compiler.rewrite;
  exports tessera.compiler.template;
}
