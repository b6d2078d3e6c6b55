package tessera.isaspec.check;

import java.util.List;
import tessera.isaspec.Instruction;

final class SameTexts { static void check(List<Instruction> i, Findings f) {} }
