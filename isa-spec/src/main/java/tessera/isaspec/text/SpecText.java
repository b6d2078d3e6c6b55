package tessera.isaspec.text;

import java.util.List;
import tessera.isaspec.diagnostic.Source;

/// One file as written.
public record SpecText(Source source, List<Item> items) {
  public SpecText {
    items = List.copyOf(items);
  }
}
