package tessera.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import tessera.compiler.CompiledModel;
import tessera.compiler.Compiler;
import tessera.compiler.onnx.Model;
import tessera.elf.ElfWriter;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;

/// `tessera compile F.onnx|NAME -o OUT.elf`: a model to a program.
final class Compile {
  static final Flag DIM =
      Flags.texts("dim", "NAME=N", "size of a symbolic extent of the model's inputs");
  static final Flag OUTPUTS =
      Flags.texts("outputs", "NAME,...", "cut the model so that it gives these values instead");

  static final Verb VERB =
      new Verb(
          "compile",
          Verb.Group.MODELS,
          "compile a model into a program",
          Verb.Operands.of("FILE.onnx|NAME", 1, 1),
          Flags.with(IsaOptions.FLAGS, Flags.OUTPUT, DIM, OUTPUTS),
          List.of(
              "The program runs the model once on what lies at its inputs' symbols and leaves the"
                  + " results at its outputs' symbols. All nodes that cannot be compiled are named"
                  + " in one error. Without -o, the output is named after the model."),
          List.of(
              new Verb.Example("tessera compile hello-deepa -o hello.elf", "a model by name"),
              new Verb.Example(
                  "tessera compile net.onnx --dim batch=1 -o net.elf", "with an open extent")),
          Compile::run);

  private Compile() {}

  private static int run(Invocation invocation, Terminal terminal) {
    String name = invocation.operands().getFirst();
    ModelFile file = ModelFile.read(name, invocation, terminal);
    Isa isa = IsaOptions.load(invocation, terminal);
    CompiledModel compiled = compile(file, isa, invocation, terminal);
    String base = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.onnx$", "");
    String output = invocation.text(Flags.OUTPUT, base + ".elf");
    byte[] bytes = ElfWriter.write(compiled.elf());
    OutputFile.writeExecutable(terminal, output, bytes);
    if (invocation.json()) {
      terminal.out().print(json(compiled, output, bytes.length));
    } else if (invocation.verbose()) {
      terminal.err().println("tessera: wrote " + output + ", " + Sizes.text(bytes.length));
    }
    return ExitCode.OK.code();
  }

  /// {@return the program of a model; warnings go to standard error}
  ///
  /// @throws Failure with all that keeps the model from being one
  static CompiledModel compile(ModelFile file, Isa isa, Invocation invocation, Terminal terminal) {
    Model model = bound(file.model(), invocation);
    return switch (Compiler.on(isa).compile(model)) {
      case Compiler.Compiled.Ok(CompiledModel compiled) -> {
        IsaOptions.warn(compiled.warnings(), invocation, terminal);
        yield compiled;
      }
      case Compiler.Compiled.Failed(List<Diagnostic> diagnostics) ->
          throw Failure.in(file.name(), ExitCode.BAD_INPUT, diagnostics);
    };
  }

  private static Model bound(Model whole, Invocation invocation) {
    Model model = whole;
    for (String setting : invocation.texts(DIM)) {
      int equals = setting.lastIndexOf('=');
      OptionalLong size = Numbers.count(setting.substring(equals + 1));
      if (equals <= 0 || size.isEmpty() || size.getAsLong() < 0 || size.getAsLong() > 1 << 30) {
        throw Failure.of(
            ExitCode.USAGE,
            "bad-setting",
            "option '--dim' got '" + setting + "'",
            "write --dim NAME=N, such as --dim batch_size=1");
      }
      model = model.bind(setting.substring(0, equals), (int) size.getAsLong());
    }
    List<String> outputs = new ArrayList<>();
    invocation.texts(OUTPUTS).forEach(o -> outputs.addAll(Arrays.asList(o.split(",", -1))));
    return outputs.isEmpty()
        ? model
        : model
            .withOutputs(outputs)
            .orElseThrow(() ->
                Failure.of(
                    ExitCode.USAGE,
                    "unknown-output",
                    "the model has no values " + String.join(", ", outputs),
                    "see: tessera info -v MODEL"));
  }

  private static String json(CompiledModel compiled, String output, int bytes) {
    return Json.object(
        "tessera-compile-1",
        json -> {
          json.writeStringProperty("status", "ok");
          json.writeStringProperty("output", output);
          json.writeNumberProperty("bytes", bytes);
          json.writeArrayPropertyStart("groups");
          for (var group : compiled.note().groups()) {
            json.writeStartObject();
            json.writeNumberProperty("number", group.number());
            json.writeStringProperty("unit", group.unit());
            json.writeArrayPropertyStart("nodes");
            group.nodes().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
          DiagnosticsJson.add(json, compiled.warnings());
        });
  }
}
