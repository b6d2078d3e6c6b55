/// What happened, instruction by instruction: the commit log that a run writes, and its lines read
/// again and compared. Read [CommitLog] first.
package tessera.emulator.trace;
