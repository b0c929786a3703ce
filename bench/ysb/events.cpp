#include "ysb/events.hpp"

#include <array>
#include <string_view>

namespace sluice::ysb {

namespace {

constexpr std::array<std::string_view, 5> ad_types = {"banner", "modal", "sponsored-search", "mail",
                                                      "mobile"};
constexpr std::array<std::string_view, 3> event_types = {"view", "click", "purchase"};

// SplitMix64: the whole of a number's bits from its place in a sequence.
uint64_t mix(uint64_t seed, uint64_t number) {
  uint64_t z = seed + (number + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void append_uuid(uint64_t high, uint64_t low, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 36> text;
  size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text[at++] = '-';
    const uint64_t half = nibble < 16 ? high : low;
    text[at++] = digits[half >> (60 - 4 * (nibble % 16)) & 15];
  }
  out.append(text.data(), text.size());
}

// An IPv4 address of 13 characters, as IPv6 writes it.
void append_address(uint64_t dice, std::string& out) {
  constexpr std::string_view form = "::ffff:1__.2_.1__.1_";
  for (const char c : form) {
    out += c == '_' ? static_cast<char>('0' + dice % 10) : c;
    if (c == '_') dice /= 10;
  }
}

std::string uuid(uint64_t seed, uint64_t number) {
  std::string text;
  append_uuid(mix(seed, 2 * number), mix(seed, 2 * number + 1), text);
  return text;
}

}  // namespace

Ads make_ads(uint64_t seed) {
  Ads ads;
  for (uint64_t ad = 0; ad < ad_count; ++ad)
    ads.emplace_back(uuid(~seed, ad), uuid(~seed, ad_count + ad / ads_per_campaign));
  return ads;
}

int64_t Events::append_next(std::string& out) {
  const uint64_t dice = mix(seed_, 5 * number_);
  const auto draw = [&](uint64_t which) { return mix(seed_, 5 * number_ + which); };
  const auto behind_ms = static_cast<int64_t>((dice >> 32 & 0xf'ffff) % 1000);
  const int64_t time_ms =
      first_event_ms + static_cast<int64_t>(number_ * 1000 / events_per_second) - behind_ms;
  out += R"({"user_id":")";
  append_uuid(draw(1), draw(2), out);
  out += R"(","page_id":")";
  append_uuid(draw(3), draw(4), out);
  out += R"(","ad_id":")";
  out += ads_[(dice & 0xf'ffff) % ad_count].first;
  out += R"(","ad_type":")";
  out += ad_types[(dice >> 20 & 0xfff) % ad_types.size()];
  out += R"(","event_type":")";
  out += event_types[(dice >> 52) % event_types.size()];
  out += R"(","event_time":")";
  out += std::to_string(time_ms);
  out += R"(","ip_address":")";
  append_address(dice, out);
  out += R"("})";
  ++number_;
  return time_ms;
}

}  // namespace sluice::ysb
