package tessera.isaspec.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tessera.isaspec.text.Item;
import tessera.isaspec.text.Section;
import tessera.isaspec.text.Statement;
import tessera.isaspec.text.Term;

/// What an `op` does with the views of its instruction, as written: rules over pairs of views ask
/// before anything of it is bound.
///
/// @param read names that it reads, of views and of anything else
/// @param written names that it assigns elements of
/// @param every names of declared loops that it uses
/// @param underMask those of them that run for active lanes only
/// @param folds whether it folds over active lanes
record ViewUses(
    Set<String> read,
    Set<String> written,
    Set<String> every,
    Set<String> underMask,
    boolean folds) {

  static ViewUses of(Layers layers) {
    Search search = new Search();
    if (layers.op != null) {
      layers.op.section().body().forEach(search::statement);
      Set<String> more = new HashSet<>();
      // A name that the text gives to a view's element is read where it stands.
      for (Layers.In<Section.Let> let : layers.lets.values()) {
        Occurrences.term(let.section().value(), more::add);
      }
      search.read.addAll(more);
    }
    return new ViewUses(search.read, search.written, search.loops, search.underMask, search.folds);
  }

  /// {@return the declared loops that it uses}
  List<Item.Loop> loops(Definitions defs) {
    return every.stream().sorted().map(defs.loops::get).filter(l -> l != null).toList();
  }

  /// {@return the declared loops whose `active` it asks}
  List<Item.Loop> masked(Definitions defs) {
    return defs.loops.values().stream()
        .filter(l -> l.bounds().stream().anyMatch(b -> b.key().equals("active")))
        .filter(l -> folds || underMask.contains(l.name()))
        .toList();
  }

  private static final class Search {
    private final Set<String> read = new HashSet<>();
    private final Set<String> written = new HashSet<>();
    private final Set<String> loops = new HashSet<>();
    private final Set<String> underMask = new HashSet<>();
    private boolean folds;

    private void statement(Statement statement) {
      Consumer<String> visit = this::read;
      switch (statement) {
        case Statement.Assign s -> {
          target(s.target());
          Occurrences.term(s.value(), visit);
          if (!s.operator().equals("=")) {
            Occurrences.term(s.target(), visit);
          }
        }
        case Statement.If s -> {
          Occurrences.term(s.condition(), visit);
          s.then().forEach(this::statement);
          s.otherwise().forEach(this::statement);
        }
        case Statement.Choose s -> {
          Occurrences.term(s.of(), visit);
          s.cases().forEach(c -> c.body().forEach(this::statement));
        }
        case Statement.Repeat s -> {
          Occurrences.range(s.range(), visit);
          s.body().forEach(this::statement);
        }
        case Statement.Each s -> {
          loops.add(s.loop());
          if (!s.every()) {
            underMask.add(s.loop());
          }
          Occurrences.range(s.range(), visit);
          Occurrences.term(s.carryStart(), visit);
          s.body().forEach(this::statement);
        }
        case Statement.CallOnly s -> {
          // A shape may write the views that it is given.
          Occurrences.term(s.call(), visit);
          if (s.call() instanceof Term.Call(var function, var args, _) && mayWrite(function)) {
            args.forEach(a -> Occurrences.arg(a, written::add));
          }
        }
        default -> Occurrences.statement(statement, visit);
      }
    }

    private static boolean mayWrite(Term function) {
      return switch (function) {
        case Term.Name(var name, _) -> !Definitions.BUILTINS.contains(name);
        case Term.Generic g -> mayWrite(g.base());
        default -> false;
      };
    }

    private void read(String name) {
      read.add(name);
      folds |= name.equals("active");
    }

    /// The element's view is written; its indices are read.
    private void target(Term term) {
      switch (term) {
        case Term.Name(var name, _) -> written.add(name);
        case Term.At(var of, var indices, _) -> {
          target(of);
          indices.forEach(i -> Occurrences.term(i, this::read));
        }
        case Term.Bits(var of, _, _, _) -> target(of);
        default -> Occurrences.term(term, this::read);
      }
    }
  }
}
