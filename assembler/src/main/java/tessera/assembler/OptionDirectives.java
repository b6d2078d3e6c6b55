package tessera.assembler;

import java.util.Map;
import tessera.assembler.parser.AsmParser;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Literals;
import tessera.assembler.parser.Nodes;
import tessera.assembler.parser.SyntaxError;
import tessera.elf.Arch;
import tessera.elf.Attributes;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// `.option`, `.attribute`, and what names the source.
final class OptionDirectives {
  private static final Map<String, Integer> TAGS =
      Map.of(
          "arch", Attributes.ARCH,
          "Tag_RISCV_arch", Attributes.ARCH,
          "stack_align", Attributes.STACK_ALIGN,
          "Tag_RISCV_stack_align", Attributes.STACK_ALIGN,
          "unaligned_access", Attributes.UNALIGNED_ACCESS,
          "Tag_RISCV_unaligned_access", Attributes.UNALIGNED_ACCESS,
          "priv_spec", Attributes.PRIV_SPEC,
          "priv_spec_minor", Attributes.PRIV_SPEC_MINOR,
          "priv_spec_revision", Attributes.PRIV_SPEC_REVISION);

  private final Assembly assembly;

  OptionDirectives(Assembly assembly) {
    this.assembly = assembly;
  }

  void addTo(Map<String, Directives.Handler> handlers) {
    handlers.put(".option", this::option);
    handlers.put(".attribute", this::attribute);
    handlers.put(".ident", this::ident);
  }

  private void option(Line line, Span at) {
    AsmParser.OptionContext arguments = line.arguments(AsmParser::option);
    Options options = assembly.options();
    String word = arguments.IDENTIFIER().getText();
    switch (word) {
      case "push" -> options.push();
      case "pop" -> {
        if (!options.pop()) {
          throw new SyntaxError(
              Diagnostic.error("directive-argument", at, ".option pop without .option push"));
        }
      }
      case "rvc" -> compress(true, at);
      case "norvc" -> options.compressed(false);
      case "relax" -> options.relax(true);
      case "norelax" -> options.relax(false);
      case "pic" -> options.pic(true);
      case "nopic" -> options.pic(false);
      case "csr-check", "no-csr-check" -> {}
      case "arch" -> arguments.optionArgument().forEach(a -> arch(a, line));
      default ->
          throw new SyntaxError(
              Diagnostic.error(
                  "directive-argument",
                  at,
                  "unknown option '"
                      + word
                      + "'; known are push, pop, rvc, norvc, relax, norelax, pic, nopic, arch"));
    }
    assembly.apply();
  }

  private void compress(boolean on, Span at) {
    if (on && !assembly.options().mayCompress()) {
      throw new SyntaxError(
          Diagnostic.error(
              "extension",
              at,
              "this ISA (" + assembly.isa().shortName() + ") has no short instructions"));
    }
    assembly.options().compressed(on);
  }

  /// An extension may be asked for only if the ISA has it; a whole ISA string is checked likewise.
  private void arch(AsmParser.OptionArgumentContext argument, Line line) {
    Span span = new Nodes(line.statement()).span(argument);
    String word = argument.IDENTIFIER().getText();
    Options options = assembly.options();
    Arch whole = Arch.parse(word).orElse(null);
    if (argument.getText().startsWith("-")) {
      options.arch(options.arch().without(word));
    } else if (argument.getText().startsWith("+") || whole == null) {
      requireExtension(word, span);
      options.arch(options.arch().with(word));
    } else {
      whole.extensions().forEach(e -> requireExtension(e.name(), span));
      options.arch(ArchTarget.of(whole));
    }
  }

  private void requireExtension(String name, Span span) {
    ArchTarget target = ArchTarget.of(assembly.isa());
    boolean has =
        target.has(name)
            || assembly.isa().extensions().stream().anyMatch(e -> e.name().equalsIgnoreCase(name));
    if (!has && !name.equals("g")) {
      throw new SyntaxError(
          Diagnostic.error(
              "extension",
              span,
              "this ISA (" + assembly.isa().shortName() + ") has no extension '" + name + "'"));
    }
  }

  private void attribute(Line line, Span at) {
    AsmParser.AttributeContext arguments = line.arguments(AsmParser::attribute);
    int tag = tag(arguments, at);
    if ((tag & 1) == 1) {
      if (arguments.STRING() == null) {
        throw new SyntaxError(
            Diagnostic.error("directive-argument", at, "this attribute is a string"));
      }
      text(tag, Literals.text(arguments.STRING().getText()), at);
      return;
    }
    if (arguments.expression() == null) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "this attribute is a number"));
    }
    long value =
        assembly.scope().required(new Nodes(line.statement()).expression(arguments.expression()));
    if (value != 0) { // what a reader takes it for anyway (GNU as leaves it out too)
      assembly.attributes().add(new Attributes.Attribute.Numeric(tag, value));
    }
  }

  private static int tag(AsmParser.AttributeContext arguments, Span at) {
    String word = arguments.start.getText();
    Integer known = TAGS.get(word);
    Long number =
        known == null && Character.isDigit(word.charAt(0)) ? Literals.integer(word) : null;
    if (known != null) {
      return known;
    }
    if (number == null || number < 0 || number > Integer.MAX_VALUE) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "unknown attribute '" + word + "'"));
    }
    return number.intValue();
  }

  private void text(int tag, String value, Span at) {
    if (tag == Attributes.ARCH) {
      Arch arch = parse(value, at);
      arch.extensions().forEach(e -> requireExtension(e.name(), at));
      ArchTarget target = ArchTarget.of(arch);
      assembly.options().arch(target);
      assembly.apply();
      assembly.attributes().add(new Attributes.Attribute.Text(tag, target.arch().toString()));
    } else {
      assembly.attributes().add(new Attributes.Attribute.Text(tag, value));
    }
  }

  private static Arch parse(String value, Span at) {
    return Arch.parse(value)
        .orElseThrow(() ->
            new SyntaxError(
                Diagnostic.error(
                    "directive-argument", at, "'" + value + "' is not an ISA string")));
  }

  private void ident(Line line, Span at) {
    String text = Literals.text(line.arguments(AsmParser::strings).STRING(0).getText());
    assembly.program().comment(text, at);
  }
}
