// Loops over matrices that compilers unroll, interchange and vectorise.
void multiply(int n, const double *restrict a, const double *restrict b, double *restrict c) { for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) { double s = 0; for (int k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j]; c[i * n + j] = s; } }
void transpose(float a[16][16]) { for (int i = 0; i < 16; i++) for (int j = 0; j < i; j++) { float t = a[i][j]; a[i][j] = a[j][i]; a[j][i] = t; } }
long trace(long a[8][8]) { long s = 0; for (int i = 0; i < 8; i++) s += a[i][i]; return s; }
void add(int *restrict a, const int *restrict b, const int *restrict c, int n) { for (int i = 0; i < n; i++) a[i] = b[i] + c[i]; }
void dot8(const signed char *a, const signed char *b, int n, int *r) { int s = 0; for (int i = 0; i < n; i++) s += a[i] * b[i]; *r = s; }
unsigned char blend[256]; void lighten(const unsigned char *a, unsigned k) { for (int i = 0; i < 256; i++) blend[i] = (a[i] * k + blend[i] * (256 - k)) >> 8; }
double norm(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i]; return __builtin_sqrt(s); }
void saxpy(float *restrict y, const float *restrict x, float a, int n) { for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i]; }
void widen(long *restrict to, const short *restrict from, int n) { for (int i = 0; i < n; i++) to[i] = (long)from[i] * from[i]; }
int largest(const int *a, int n) { int m = a[0]; for (int i = 1; i < n; i++) m = a[i] > m ? a[i] : m; return m; }
void gather(int *restrict to, const int *restrict from, const int *restrict index, int n) { for (int i = 0; i < n; i++) to[i] = from[index[i]]; }
void strided(float *restrict to, const float *restrict from, int n) { for (int i = 0; i < n; i++) to[i] = from[3 * i] - from[3 * i + 1] * from[3 * i + 2]; }
int stencil[64][64]; void smooth(void) { for (int i = 1; i < 63; i++) for (int j = 1; j < 63; j++) stencil[i][j] = (stencil[i - 1][j] + stencil[i + 1][j] + stencil[i][j - 1] + stencil[i][j + 1]) / 4; }
