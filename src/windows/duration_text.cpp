#include "windows/duration_text.hpp"

namespace sluice {

std::string duration_text(int64_t microseconds) {
  struct Unit {
    int64_t size_us;
    const char* name;
  };
  constexpr Unit units[] = {{86'400'000'000, "d"},
                            {3'600'000'000, "h"},
                            {60'000'000, "m"},
                            {1'000'000, "s"},
                            {1'000, "ms"}};
  if (microseconds == 0) return "0s";
  for (const Unit& unit : units) {
    if (microseconds % unit.size_us == 0) {
      return std::to_string(microseconds / unit.size_us) + unit.name;
    }
  }
  return std::to_string(microseconds) + "us";
}

}  // namespace sluice
