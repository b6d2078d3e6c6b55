/// Errors as values: what is wrong, where, what was expected and one suggestion. Made by every
/// stage that reads a user's text, collected so that all findings of a run come at once, printed
/// only by the command line. Read [Diagnostic] first.
package tessera.isaspec.diagnostic;
