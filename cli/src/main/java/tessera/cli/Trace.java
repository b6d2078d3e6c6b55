package tessera.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tessera.elf.SymbolTable;
import tessera.emulator.trace.Commit;
import tessera.emulator.trace.LogComparison;
import tessera.isaspec.diagnostic.Renderer;

/// `tessera trace diff A B`: the first difference of two commit logs.
final class Trace {
  static final Flag ELF = Flags.file("elf", "FILE", "the program, to name places by its symbols");
  static final Flag IGNORE =
      Flags.texts("ignore", "NAME", "an effect that does not count: x5, f, v, c768_mstatus, mem");

  static final Verb VERB =
      new Verb(
          "trace",
          Verb.Group.RUN,
          "compare commit logs",
          Verb.Operands.of("diff A.log B.log", 3, 3),
          List.of(ELF, IGNORE),
          List.of(
              "Logs are what 'run --log-commits=FILE' and Spike's --log-commits write; other lines"
                  + " in them are passed over. One of the two may have a beginning that the other"
                  + " has not (a boot ROM, at most 1,000 instructions): they are compared from"
                  + " their first common instruction on.",
              "The first difference is printed with what came before and follows. The exit status"
                  + " is 0 only if both tell the same to the end: one that ends early, or logs of"
                  + " which nothing matches, differ (1). A file without a commit is bad input (65)."),
          List.of(
              new Verb.Example("tessera trace diff ours.log spike.log", "where they part"),
              new Verb.Example(
                  "tessera trace diff --elf a.out --ignore c768_mstatus a.log b.log",
                  "with symbols, whatever mstatus is")),
          Trace::run);

  private Trace() {}

  private static int run(Invocation invocation, Terminal terminal) {
    List<String> operands = invocation.operands();
    if (!operands.getFirst().equals("diff")) {
      throw Failure.of(
          ExitCode.USAGE,
          "unknown-action",
          "'trace' has no action '" + operands.getFirst() + "'",
          "write: tessera trace diff A.log B.log");
    }
    SymbolTable symbols = symbols(invocation.text(ELF), terminal);
    String left = operands.get(1);
    String right = operands.get(2);
    try (Log a = Log.open(left, terminal);
        Log b = Log.open(right, terminal)) {
      LogComparison comparison =
          LogComparison.of(a.commits(), b.commits(), ignored(invocation.texts(IGNORE)));
      a.requireCommits();
      b.requireCommits();
      terminal
          .out()
          .print(invocation.json() ? json(comparison) : text(comparison, left, right, symbols));
      return comparison.agrees() ? ExitCode.OK.code() : ExitCode.DIFFERENT.code();
    } catch (UncheckedIOException e) {
      throw Failure.of(ExitCode.NO_SUCH_FILE, "unreadable", String.valueOf(e.getMessage()));
    }
  }

  /// An open log.
  private record Log(String name, BufferedReader reader, AtomicLong found)
      implements AutoCloseable {
    static Log open(String name, Terminal terminal) {
      if (!InputFile.exists(terminal, name)) {
        InputFile.bytes(terminal, name); // says what is wrong with it
      }
      try {
        // Whatever the bytes are: a log that a terminal has mangled is still worth comparing.
        return new Log(
            name,
            Files.newBufferedReader(terminal.path(name), StandardCharsets.ISO_8859_1),
            new AtomicLong());
      } catch (IOException e) {
        throw Failure.of(ExitCode.NO_SUCH_FILE, "unreadable", "'" + name + "': " + e.getMessage());
      }
    }

    Iterator<Commit> commits() {
      long[] number = new long[1];
      Stream<@Nullable Commit> all = reader.lines().map(line -> Commit.parse(++number[0], line));
      return all.filter(Objects::nonNull)
          .map(Objects::requireNonNull)
          .peek(_ -> found.incrementAndGet())
          .iterator();
    }

    void requireCommits() {
      if (found.get() == 0) {
        throw Failure.of(
            ExitCode.BAD_INPUT,
            "no-commits",
            "'" + name + "' holds no line of a commit log",
            "it should have lines like: core   0: 3 0x0000000080000000 (0x00000297) x5 ...");
      }
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static @Nullable SymbolTable symbols(@Nullable String name, Terminal terminal) {
    return name == null
        ? null
        : SymbolTable.of(ElfFile.read(name, InputFile.bytes(terminal, name)));
  }

  private static Predicate<String> ignored(List<String> names) {
    return effect -> names.stream().anyMatch(name -> isCalled(effect, name));
  }

  private static boolean isCalled(String effect, String name) {
    boolean family = name.equals("x") || name.equals("f") || name.equals("v") || name.equals("c");
    return effect.equals(name)
        || family && effect.matches(name + "[0-9].*")
        || name.equals("mem") && (effect.startsWith("load") || effect.startsWith("store"));
  }

  // ------------------------------------------------------------------ what it prints

  private static String text(
      LogComparison c, String left, String right, @Nullable SymbolTable symbols) {
    StringBuilder out = new StringBuilder();
    skipped(out, left, c.skippedLeft());
    skipped(out, right, c.skippedRight());
    if (c.agrees()) {
      return out.append("same: ")
          .append(Sizes.count(c.matched(), "commit"))
          .append('\n')
          .toString();
    }
    out.append("differ after ").append(Sizes.count(c.matched(), "common commit"));
    out.append(": ").append(Renderer.printable(c.difference())).append('\n');
    c.before().forEach(commit -> line(out, "  ", commit, symbols));
    out.append("--- ").append(left).append('\n');
    side(out, "- ", c.left(), symbols);
    out.append("+++ ").append(right).append('\n');
    side(out, "+ ", c.right(), symbols);
    return out.toString();
  }

  private static void skipped(StringBuilder out, String name, long commits) {
    if (commits > 0) {
      out.append(name).append(": begins ").append(Sizes.count(commits, "commit"));
      out.append(" earlier\n");
    }
  }

  private static void side(
      StringBuilder out, String mark, List<Commit> commits, @Nullable SymbolTable symbols) {
    if (commits.isEmpty()) {
      out.append(mark).append("(it ends here)\n");
    }
    commits.forEach(commit -> line(out, mark, commit, symbols));
  }

  private static void line(
      StringBuilder out, String mark, Commit commit, @Nullable SymbolTable symbols) {
    out.append(mark).append(String.format("%7d  ", commit.number()));
    out.append(Renderer.printable(commit.text()));
    if (symbols != null) {
      symbols
          .at(commit.pc())
          .ifPresent(at -> out.append("  <").append(Renderer.printable(at.toString())).append('>'));
    }
    out.append('\n');
  }

  private static String json(LogComparison c) {
    return Json.object(
        "tessera-trace-diff-1",
        json -> {
          json.writeBooleanProperty("same", c.agrees());
          json.writeNumberProperty("matched", c.matched());
          json.writeStringProperty("difference", c.difference());
          json.writeStringProperty("left", first(c.left()));
          json.writeStringProperty("right", first(c.right()));
        });
  }

  private static String first(List<Commit> commits) {
    List<String> texts = new ArrayList<>();
    commits.forEach(commit -> texts.add(commit.text()));
    return texts.isEmpty() ? "" : texts.getFirst();
  }
}
