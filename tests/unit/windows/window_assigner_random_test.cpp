// WindowAssigner against all windows around a time, each looked at: no arithmetic of slices.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "support/test_rows.hpp"
#include "support/window_settings.hpp"
#include "values/time/calendar.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

constexpr int64_t day_us = 24 * hour_us;
constexpr int64_t origin_day = 10'957;  // 2000-01-01

using Kind = WindowSettings::Kind;

struct Span {
  int64_t start_us = 0;
  int64_t end_us = 0;
  bool operator==(const Span&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Span& span) {
  return out << time_text(span.start_us) << " to " << time_text(span.end_us);
}

// The first minute at which the zone's clocks show the local time or a later one, and the first
// from which on they show no earlier one: by looking at all around.
Span reach_of(const TimeZone& zone, int64_t local_us) {
  constexpr int64_t around_us = 4 * hour_us;
  const int64_t middle_us = zone.to_instant(local_us);
  Span reach{INT64_MAX, INT64_MIN};
  for (int64_t at_us = middle_us - around_us; at_us <= middle_us + around_us; at_us += minute_us) {
    if (zone.to_local(at_us) >= local_us) {
      reach.start_us = std::min(reach.start_us, at_us);
    } else {
      reach.end_us = at_us + minute_us;
    }
  }
  return reach;
}

class AllWindows {
 public:
  AllWindows(const WindowSettings& settings, const TimeZone& zone)
      : settings_(settings), zone_(zone) {}

  std::vector<Span> of(int64_t time_us) const {
    const bool is_hop = settings_.kind == Kind::hop;
    const int64_t distance_us = is_hop ? settings_.slide_us : size_us();
    const int64_t around = (time_us - origin_day * day_us) / distance_us;
    const int64_t shift = day_us / distance_us;  // zones are less than a day apart
    const int64_t before = size_us() / distance_us + shift + 3;
    std::vector<Span> found;
    for (int64_t number = around - before; number <= around + shift + 3; ++number) {
      const int64_t start_us = number * distance_us;
      if (!is_between(time_us, start_us, start_us + size_us())) continue;
      if (settings_.kind != Kind::cumulate) {
        found.push_back({start_at(start_us), end_at(start_us + size_us())});
      } else {
        add_steps(time_us, start_us, found);
      }
    }
    return found;
  }

 private:
  bool in_days() const { return settings_.calendar_days > 0; }
  int64_t size_us() const {
    return in_days() ? settings_.calendar_days * day_us : settings_.size_us;
  }
  // Distances are counted from the first window: by clocks for calendar days, else by exact time.
  bool is_between(int64_t time_us, int64_t from_us, int64_t to_us) const {
    const int64_t midnight_us = origin_day * day_us;
    const int64_t distance_us = in_days()
                                    ? zone_.to_local(time_us) - midnight_us - settings_.offset_us
                                    : time_us - zone_.to_instant(midnight_us) - settings_.offset_us;
    return distance_us >= from_us && distance_us < to_us;
  }
  int64_t start_at(int64_t distance_us) const { return boundary(distance_us).start_us; }
  int64_t end_at(int64_t distance_us) const { return boundary(distance_us).end_us; }
  Span boundary(int64_t distance_us) const {
    const int64_t midnight_us = origin_day * day_us;
    const int64_t local_us = midnight_us + settings_.offset_us + distance_us;
    if (!in_days()) {
      const int64_t exact_us = zone_.to_instant(midnight_us) + settings_.offset_us + distance_us;
      return {exact_us, exact_us};
    }
    const auto known = boundaries_.find(local_us);
    if (known != boundaries_.end()) return known->second;
    return boundaries_.emplace(local_us, reach_of(zone_, local_us)).first->second;
  }
  void add_steps(int64_t time_us, int64_t start_us, std::vector<Span>& found) const {
    const bool steps_of_days = in_days() && settings_.slide_us % day_us == 0;
    const Span whole{start_at(start_us), end_at(start_us + size_us())};
    for (int64_t step_us = settings_.slide_us;; step_us += settings_.slide_us) {
      const int64_t cut_us = std::min(step_us, size_us());
      const int64_t end_us = steps_of_days || !in_days()
                                 ? end_at(start_us + cut_us)
                                 : std::min(whole.start_us + step_us, whole.end_us);
      const bool holds =
          steps_of_days ? is_between(time_us, start_us, start_us + cut_us) : end_us > time_us;
      if (holds) found.push_back({whole.start_us, end_us});
      if (end_us == whole.end_us) return;
    }
  }

  WindowSettings settings_;
  const TimeZone& zone_;
  mutable std::map<int64_t, Span> boundaries_;  // by local time
};

std::vector<Span> windows_of(const WindowAssigner& assigner, int64_t time_us) {
  const WindowRun run = assigner.run_of(time_us);
  std::vector<Span> found;
  if (run.is_empty()) return found;
  int64_t end_us = run.first_end_us;
  for (; end_us < run.last_end_us; end_us = assigner.next_end(end_us)) {
    found.push_back({assigner.start_of(end_us), end_us});
  }
  found.push_back({assigner.start_of(end_us), end_us});
  return found;
}

WindowSettings draw(std::mt19937_64& random) {
  const auto one_of = [&](std::initializer_list<int64_t> values) {
    return values.begin()[random() % values.size()];
  };
  WindowSettings window;
  window.kind = static_cast<Kind>(random() % 3);
  const bool has_gaps = window.kind == Kind::hop && random() % 4 == 0;
  int64_t distance_us = 0;
  if (random() % 2 == 0) {
    window.calendar_days = static_cast<int32_t>(one_of({1, 2, 7, 30}));
    const int64_t size_us = window.calendar_days * day_us;
    window.slide_us = window.kind == Kind::hop        ? day_us
                      : window.kind == Kind::cumulate ? one_of({hour_us, 2 * hour_us, day_us})
                                                      : size_us;
    if (has_gaps) window.slide_us = 3 * size_us;
    distance_us = window.kind == Kind::hop ? window.slide_us : size_us;
  } else {
    window.slide_us = one_of({7 * minute_us, hour_us, 5 * hour_us});
    window.size_us = window.slide_us * one_of({1, 3, 24});
    if (window.kind == Kind::tumble) window.slide_us = window.size_us;
    if (has_gaps) window.slide_us = 3 * window.size_us;
    distance_us = window.kind == Kind::hop ? window.slide_us : window.size_us;
  }
  const int64_t most_minutes = distance_us / minute_us - 1;
  const auto span = static_cast<uint64_t>(2 * most_minutes + 1);
  window.offset_us = (static_cast<int64_t>(random() % span) - most_minutes) * minute_us;
  return window;
}

struct Year {
  const char* zone;
  const char* from;
};
// Midnight comes twice in the Azores and in Havana, and there never in spring; in St John's it came
// twice with an hour of the day before in between.
constexpr Year years[] = {
    {"UTC", "2024-03-01 00:00:00"},
    {"Europe/Berlin", "2024-03-01 00:00:00"},
    {"America/New_York", "2024-03-01 00:00:00"},
    {"Asia/Shanghai", "2024-03-01 00:00:00"},
    {"Australia/Lord_Howe", "2024-03-01 00:00:00"},
    {"Atlantic/Azores", "2026-03-01 00:00:00"},
    {"America/Havana", "2026-03-01 00:00:00"},
    {"America/St_Johns", "2010-03-01 00:00:00"},
};

}  // namespace

TEST(WindowAssignerRandom, WindowsOfATime_AreThoseThatHoldIt) {
  constexpr uint64_t seed = 20260131;
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const Year& year = years[random() % std::size(years)];
    const TimeZone zone = TimeZone::load(year.zone).value();
    const WindowSettings window = draw(random);
    const auto assigner = window.assigner(zone);
    const AllWindows all(window, zone);
    SCOPED_TRACE(zone.name() + ", kind " + std::to_string(static_cast<int>(window.kind)) +
                 " size " + std::to_string(window.size_us / minute_us) + "m or " +
                 std::to_string(window.calendar_days) + "d, slide " +
                 std::to_string(window.slide_us / minute_us) + "m, offset " +
                 std::to_string(window.offset_us / minute_us) + "m, seed " + std::to_string(seed));
    // Over both changes of clocks of the year.
    const int64_t from_us = time_us(year.from);
    for (int i = 0; i < 100; ++i) {
      const int64_t at_us = from_us + static_cast<int64_t>(random() % (270 * 24 * 60)) * minute_us;
      ASSERT_EQ(windows_of(*assigner, at_us), all.of(at_us)) << time_text(at_us);
    }
  }
}

}  // namespace sluice
