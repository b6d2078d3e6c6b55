/// What a bare-metal program finds beside memory (machines.md 1): a serial port, a timer, and the
/// ways by which it tells the outside that it is done.
package tessera.emulator.device;
