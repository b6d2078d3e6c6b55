// Sixteen-bit floats, as the compilers have them.
#ifdef __clang__
typedef _Float16 half; half add(half a, half b) { return a + b; } float widen(half a) { return a; } half narrow(float a) { return a; } int order(half a, half b) { return a < b; } half table[] = {1.0f16, 0.5f16, 65504.0f16};
#else
typedef unsigned short half; half add(half a, half b) { return a + b; } half table[] = {0x3c00, 0x3800, 0x7bff};
#endif
