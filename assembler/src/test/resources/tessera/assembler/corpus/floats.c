// Single and double precision: constants, conversions, comparisons, calls of the library.
double sqrt(double); float sqrtf(float); double fabs(double); double fma(double, double, double); double copysign(double, double);
double area(double r) { return 3.14159265358979323846 * r * r; }
float mixed(float a, double b, int c, unsigned long d) { return a * b + c - d; }
double root(double x) { return sqrt(x) + fabs(-x); }
float rootf(float x) { return sqrtf(x * x + 1.0f); }
int order(double a, double b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; }
long whole(double x) { return (long)x + (int)(float)x + (unsigned)x; }
unsigned long large(float x) { return (unsigned long)x; }
double from(long a, unsigned b, short c) { return (double)a + b + c; }
double poly(const double *c, int n, double x) { double r = 0; while (n--) r = fma(r, x, c[n]); return r; }
double table[] = {0.0, -0.0, 1.0, 0.1, 1e308, 4.9e-324, 1e-5, __builtin_inf(), -__builtin_inf()};
float small[] = {0.1f, 1e-45f, 3.4e38f, 16777216.0f};
double nan_of(void) { return __builtin_nan("0x123"); }
double sign(double a, double b) { return copysign(a, b) + __builtin_fmax(a, b) - __builtin_fmin(a, b); }
void scale(float *restrict a, const float *restrict b, int n, float k) { for (int i = 0; i < n; i++) a[i] += k * b[i]; }
_Bool unordered(double a, double b) { return __builtin_isunordered(a, b) || a != a; }
struct complex { double re, im; };
struct complex times(struct complex a, struct complex b) { struct complex r = {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; return r; }
long double longer(long double a, long double b) { return a * b + 1.5L; }
