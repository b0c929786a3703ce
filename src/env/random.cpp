#include "env/random.hpp"

namespace sluice {

Random Random::from_entropy() {
  std::random_device device;
  return Random((static_cast<uint64_t>(device()) << 32) ^ device());
}

std::string Random::identity() {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < 32; ++i) text += digits[below(16)];
  return text;
}

}  // namespace sluice
