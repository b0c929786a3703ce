#include "values/time/database_zone.hpp"

#include <absl/time/time.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace sluice {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Words of names that do not simply begin with a capital.
constexpr std::string_view unusual_words[] = {
    "ACT",
    "BajaNorte",
    "BajaSur",
    "CDT",
    "CET",
    "CHAT",
    "ComodRivadavia",
    "CST",
    "DeNoronha",
    "DumontDUrville",
    "EDT",
    "EET",
    "EST",
    "EasterIsland",
    "GB",
    "GMT",
    "HST",
    "IN",
    "LHI",
    "MDT",
    "MET",
    "MST",
    "McMurdo",
    "NSW",
    "NZ",
    "PDT",
    "PRC",
    "PST",
    "ROC",
    "ROK",
    "SU",
    "UCT",
    "US",
    "UTC",
    "WET",
    "au",
    "es",
    "of",
};

std::string usual_word(std::string_view word) {
  const auto unusual =
      std::find_if(std::begin(unusual_words), std::end(unusual_words), [&](std::string_view known) {
        return std::equal(known.begin(), known.end(), word.begin(), word.end(),
                          [](char a, char b) { return lower(a) == lower(b); });
      });
  if (unusual != std::end(unusual_words)) return std::string(*unusual);
  std::string result(word);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  result.front() = upper(result.front());
  return result;
}

// Names that cannot be taken for a path outside the database, or for this machine's own zone.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name != "Localtime" &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' ||
                  c == '/';
         });
}

class DatabaseZone : public ZoneRules {
 public:
  explicit DatabaseZone(absl::TimeZone zone) : zone_(zone) {}

  int32_t offset_at(int64_t instant) const override {
    return zone_.At(absl::FromUnixSeconds(instant)).offset;
  }

  int32_t offset_of_local(int64_t local) const override {
    const absl::TimeZone::TimeInfo info = zone_.At(absl::CivilSecond(1970, 1, 1) + local);
    const bool is_repeated = info.kind == absl::TimeZone::TimeInfo::REPEATED;
    return static_cast<int32_t>(local - absl::ToUnixSeconds(is_repeated ? info.post : info.pre));
  }

  std::string abbreviation_at(int64_t instant) const override {
    return zone_.At(absl::FromUnixSeconds(instant)).zone_abbr;
  }

  std::vector<int64_t> transitions(int64_t from, int64_t until) const override {
    std::vector<int64_t> instants;
    absl::Time at = absl::FromUnixSeconds(from);
    absl::TimeZone::CivilTransition transition;
    while (zone_.NextTransition(at, &transition)) {
      at = instant_of(transition);
      if (at >= absl::FromUnixSeconds(until)) break;
      instants.push_back(absl::ToUnixSeconds(at));
    }
    return instants;
  }

 private:
  // The civil times around a transition are skipped or repeated ones, which carry its instant.
  absl::Time instant_of(const absl::TimeZone::CivilTransition& transition) const {
    const absl::TimeZone::TimeInfo before = zone_.At(transition.from);
    return before.kind == absl::TimeZone::TimeInfo::UNIQUE ? zone_.At(transition.to).trans
                                                           : before.trans;
  }

  absl::TimeZone zone_;
};

}  // namespace

std::string database_spelling(std::string_view name) {
  std::string result;
  while (!name.empty()) {
    const auto end = std::find_if_not(name.begin(), name.end(), is_letter);
    const auto size = static_cast<size_t>(end - name.begin());
    if (size > 0) result += usual_word(name.substr(0, size));
    name.remove_prefix(size);
    if (name.empty()) break;
    result += name.front();
    name.remove_prefix(1);
  }
  return result;
}

std::shared_ptr<const ZoneRules> find_database_zone(const std::string& name) {
  absl::TimeZone zone;
  if (!is_zone_name(name) || !absl::LoadTimeZone(name, &zone)) return nullptr;
  return std::make_shared<DatabaseZone>(zone);
}

}  // namespace sluice
