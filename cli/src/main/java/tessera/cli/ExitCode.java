package tessera.cli;

/// What a run of the tool says to a script, in the numbers of `sysexits.h` and of shells.
///
/// `run` passes the guest's own exit code through; these are for everything else.
public enum ExitCode {
  OK(0, "success"),
  DIFFERENT(1, "a check or test found differences"),
  USAGE(2, "the command line is wrong"),
  BAD_INPUT(65, "an input is wrong: assembly, specification, ELF or ONNX"),
  NO_SUCH_FILE(66, "an input file is not there or cannot be read"),
  UNAVAILABLE(69, "a needed tool or download is missing"),
  INTERNAL(70, "an error of Tessera itself; a report file is written"),
  CANNOT_CREATE(73, "an output file cannot be created"),
  CANNOT_WRITE(74, "writing failed"),
  BUDGET(124, "instruction budget or timeout used up, or the guest can never end"),
  INTERRUPTED(130, "interrupted (Ctrl-C)"),
  ILLEGAL_INSTRUCTION(132, "the guest met an illegal instruction"),
  BREAKPOINT(133, "the guest met a breakpoint"),
  ABORT(134, "the guest gave up"),
  MISALIGNED(135, "the guest made a misaligned access"),
  ACCESS_FAULT(139, "the guest accessed memory it may not");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /// {@return the process's exit status}
  public int code() {
    return code;
  }

  /// {@return one line for the manual}
  public String meaning() {
    return meaning;
  }
}
