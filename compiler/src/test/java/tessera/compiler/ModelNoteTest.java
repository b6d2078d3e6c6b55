package tessera.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tessera.compiler.graph.DType;
import tessera.compiler.graph.TensorType;

class ModelNoteTest {
  private static final ModelNote NOTE =
      new ModelNote(
          List.of(new ModelNote.TensorNote("a b", TensorType.of(DType.F32, 1, 16), "tensor.a$20b")),
          List.of(new ModelNote.TensorNote("y", TensorType.of(DType.I64), "tensor.y")),
          List.of(
              new ModelNote.GroupNote(1, "tile", List.of("/fc 1/Gemm", "relu")),
              new ModelNote.GroupNote(2, "scalar", List.of())));

  @Test
  void printsAsDocumented() {
    assertEquals(
        """
        tessera-model-1
        input a$20b f32 1x16 row-major tensor.a$20b
        output y i64 scalar row-major tensor.y
        group 1 tile $2Ffc$201$2FGemm relu
        group 2 scalar
        """,
        NOTE.print());
  }

  @Test
  void parseInvertsPrint() {
    assertEquals(Optional.of(NOTE), ModelNote.parse(NOTE.print()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tessera-model-2\n",
        "tessera-model-1\ninput x\n",
        "tessera-model-1\ninput x f31 1 row-major s\n",
        "tessera-model-1\ninput x f32 1xx row-major s\n",
        "tessera-model-1\ninput $4 f32 1 row-major s\n",
        "tessera-model-1\ngroup one tile\n",
        "tessera-model-1\nfoo\n"
      })
  void otherTextsAreNone(String text) {
    assertEquals(Optional.empty(), ModelNote.parse(text));
  }

  @Property
  void namesSurviveAsSymbols(@ForAll String name) {
    String symbol = SymbolNames.escape(name);
    assertTrue(symbol.matches("[A-Za-z0-9_.$]*"), symbol);
    // A lone half of a surrogate pair is no text: UTF-8 has no bytes for it.
    byte[] utf8 = name.getBytes(UTF_8);
    assertEquals(new String(utf8, UTF_8), SymbolNames.unescape(symbol));
  }
}
