/// The command line, and the only place with files, console, clock and exit codes.
///
/// A [Verb] is one thing the tool does; [Main] holds the list of them. [Arguments] understands the
/// words a user typed, with that list in hand, and makes an [Invocation], in which every value is
/// already checked. The verb's handler then reads files through the named file, calls the module
/// that does the work, and writes to the [Terminal]. What the user must change is a [Failure]: an
/// [ExitCode] and diagnostics. Help pages ([HelpPage]) and completion scripts ([CompletionScript])
/// read the same list, so a verb is added in one class and one line of [Main].
package tessera.cli;
