#include "ysb/campaign_counts.hpp"

#include <charconv>
#include <fstream>

namespace sluice::ysb {

namespace {

// The text of a field whose value is a string without escapes; empty when it is not there.
std::string_view field(std::string_view event, std::string_view start) {
  const size_t found = event.find(start);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = event.substr(found + start.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

CampaignCounts::CampaignCounts(const Ads& ads) {
  for (const auto& [ad, campaign] : ads) campaigns_.emplace(ad, campaign);
}

bool CampaignCounts::add(std::string_view event) {
  const std::string_view type = field(event, R"("event_type":")");
  if (type != "view") return !type.empty();
  const auto campaign = campaigns_.find(field(event, R"("ad_id":")"));
  const std::string_view time = field(event, R"("event_time":")");
  int64_t time_ms = -1;
  std::from_chars(time.data(), time.data() + time.size(), time_ms);
  if (campaign == campaigns_.end() || time_ms < 0) return false;
  ++views_[{time_ms - time_ms % window_ms, campaign->second}];
  return true;
}

bool CampaignCounts::write(const std::string& path) const {
  std::ofstream out(path, std::ios::trunc);
  for (const auto& [group, views] : views_)
    out << group.first << '\t' << group.second << '\t' << views << '\n';
  out.close();
  return out.good();
}

}  // namespace sluice::ysb
