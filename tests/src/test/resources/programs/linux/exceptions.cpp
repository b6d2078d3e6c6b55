// C++: exceptions through frames, destructors on the way, RTTI, templates, containers, streams.
#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

struct Guard {
  std::string name;
  explicit Guard(std::string n) : name(std::move(n)) { std::cout << "+" << name << ' '; }
  ~Guard() { std::cout << "-" << name << ' '; }
};

struct Wrong : std::runtime_error {
  int depth;
  Wrong(const std::string &what, int d) : std::runtime_error(what), depth(d) {}
};

static int dive(int n) {
  Guard g(std::to_string(n));
  if (n == 0) throw Wrong("bottom", n);
  try {
    return dive(n - 1) + 1;
  } catch (const Wrong &w) {
    if (n == 3) throw std::logic_error(std::string("at 3 after ") + w.what());
    throw;
  }
}

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square : virtual Shape {
  double side = 3;
  double area() const override { return side * side; }
};
struct Named {
  virtual ~Named() = default;
  virtual std::string name() const { return "named"; }
};
struct Tile : Square, Named {
  std::string name() const override { return "tile"; }
};

template <class T> T power(T base, unsigned n) { return n == 0 ? T(1) : base * power(base, n - 1); }

int main() {
  try {
    dive(5);
  } catch (const std::logic_error &e) {
    std::cout << "\nlogic: " << e.what() << '\n';
  }
  try {
    std::vector<int> v(3);
    v.at(7) = 1;
  } catch (const std::out_of_range &) {
    std::cout << "out of range\n";
  }
  try {
    std::unique_ptr<Guard> g(new Guard("unique"));
    throw 42;
  } catch (int i) {
    std::cout << "\nint " << i << '\n';
  }
  Tile tile;
  Shape *shape = &tile;
  Named *named = dynamic_cast<Named *>(shape);
  std::cout << named->name() << ' ' << shape->area() << ' ' << (dynamic_cast<Square *>(named) == &tile) << ' '
            << (typeid(*shape) == typeid(Tile)) << '\n';
  try {
    Square plain;
    Shape &s = plain;
    dynamic_cast<Tile &>(s).name();
  } catch (const std::bad_cast &) {
    std::cout << "bad cast\n";
  }
  std::map<std::string, int> counts;
  std::istringstream words("the cat the dog the end a cat");
  for (std::string w; words >> w;) counts[w]++;
  for (const auto &[word, n] : counts) std::cout << word << '=' << n << ' ';
  std::cout << '\n';
  std::vector<double> v{3.5, -1, 2.25, 100, 0.125};
  std::sort(v.begin(), v.end(), std::greater<>());
  std::function<double(double)> twice = [k = 2.0](double x) { return k * x; };
  std::transform(v.begin(), v.end(), v.begin(), twice);
  for (double d : v) std::cout << std::setw(8) << std::fixed << std::setprecision(3) << d;
  std::cout << '\n' << power(3L, 20) << ' ' << std::hex << std::showbase << 255 << std::dec << ' ' << std::boolalpha << true << '\n';
  std::ostringstream out;
  out << std::scientific << 1.0 / 3;
  std::cout << out.str() << std::endl;
  std::shared_ptr<Guard> shared = std::make_shared<Guard>("shared");
  std::weak_ptr<Guard> weak = shared;
  shared.reset();
  std::cout << weak.expired() << std::endl;
  std::cerr << "done\n";
  return 17;
}
