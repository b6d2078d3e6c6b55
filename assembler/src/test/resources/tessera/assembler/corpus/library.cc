// The standard library's templates: containers, strings, algorithms (g++ only).
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>
std::string join(const std::vector<std::string> &v, char c) { std::string r; for (const auto &s : v) { if (!r.empty()) r += c; r += s; } return r; } std::map<std::string, int> count(const std::vector<std::string> &v) { std::map<std::string, int> m; for (const auto &s : v) m[s]++; return m; } int sorted(std::vector<int> v) { std::sort(v.begin(), v.end(), [](int a, int b) { return a > b; }); return v.empty() ? 0 : v[v.size() / 2]; } struct base { virtual ~base() = default; virtual int f() { return 1; } }; std::unique_ptr<base> make() { return std::make_unique<base>(); }
