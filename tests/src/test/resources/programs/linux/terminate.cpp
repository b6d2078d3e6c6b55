// An exception that nobody catches ends the program by SIGABRT, after static constructors ran.
#include <cstdio>
#include <stdexcept>

struct Early {
  Early() { std::puts("constructed"); std::fflush(stdout); }
};
static Early early;

static int careful(int n) noexcept { return n > 0 ? careful(n - 1) : throw std::runtime_error("nobody catches this"); }

int main() { return careful(3); }
