/// Counters, cost model, scoreboard, traffic and the report as data (timing.md).
///
/// An engine tells a [Meter] about every memory access and every retired instruction. The meter
/// counts what is architectural (instructions by class, products, bytes), asks the machine's costs
/// for what an execution takes, and lets a [Clock] say when it happens. A [Report] holds the
/// counters of the whole run and of the regions that the program marked.
///
/// Read [Counter] first: it is the list of everything that is counted, and what each number means.
package tessera.emulator.timing;
