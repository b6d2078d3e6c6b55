package tessera.emulator.linux;

/// Bytes that look random and depend on a seed only (SplitMix64).
final class Randomness {
  private long state;

  Randomness(long seed) {
    state = seed;
  }

  long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  void fill(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (next() >>> 32);
    }
  }
}
