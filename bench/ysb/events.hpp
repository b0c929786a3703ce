// Events: the records of the Yahoo Streaming Benchmark, event after event from a seed: JSON of
// seven strings about one of 1,000 ads, ten of which make a campaign. Event time goes on by
// `events_per_second`, each event up to a second behind it. The same seed gives the same bytes.
// One thread; no part of the engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sluice::ysb {

constexpr size_t ad_count = 1'000;
constexpr size_t ads_per_campaign = 10;
constexpr int64_t first_event_ms = 1'735'689'600'000;  // 2025-01-01T00:00:00Z
constexpr uint64_t events_per_second = 10'000;

// Ad → campaign, in the ads' order.
using Ads = std::vector<std::pair<std::string, std::string>>;
Ads make_ads(uint64_t seed);

class Events {
 public:
  explicit Events(uint64_t seed) : seed_(seed), ads_(make_ads(seed)) {}

  // Appends the next event's document; returns its event time.
  int64_t append_next(std::string& out);
  const Ads& ads() const { return ads_; }

 private:
  uint64_t seed_;
  uint64_t number_ = 0;
  Ads ads_;
};

}  // namespace sluice::ysb
