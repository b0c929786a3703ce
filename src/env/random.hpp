// Random: the only source of randomness. For nonces and uids the operating system gives the seed,
// for everything else it is one that is printed where it matters. One owner, one thread at a time.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace sluice {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // Seeded by the operating system.
  static Random from_entropy();

  uint64_t next() { return engine_(); }
  // Uniform in [0, bound); bound > 0.
  uint64_t below(uint64_t bound) {
    return std::uniform_int_distribution<uint64_t>(0, bound - 1)(engine_);
  }
  // 32 lower-case hexadecimal digits: a state folder's uid, an owner's nonce.
  std::string identity();

 private:
  std::mt19937_64 engine_;
};

}  // namespace sluice
