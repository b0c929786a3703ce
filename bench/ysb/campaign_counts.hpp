// CampaignCounts: what the pipeline must answer, computed from the documents by plain text search,
// with nothing of the engine: views per campaign and 10 s window. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "ysb/events.hpp"

namespace sluice::ysb {

class CampaignCounts {
 public:
  explicit CampaignCounts(const Ads& ads);

  // False when the document is no event, or about an unknown ad.
  bool add(std::string_view event);
  // Writes "window_start_ms<TAB>campaign<TAB>views" lines, sorted; false when that fails.
  bool write(const std::string& path) const;

 private:
  static constexpr int64_t window_ms = 10'000;

  std::unordered_map<std::string_view, std::string_view> campaigns_;  // by ad; of the Ads
  std::map<std::pair<int64_t, std::string_view>, uint64_t> views_;
};

}  // namespace sluice::ysb
