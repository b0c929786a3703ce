// WindowAssigner against all windows around a time, each looked at: no arithmetic of slices.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "data/calendar.hpp"
#include "operators/window_assigner.hpp"
#include "unit/operators/aggregate_settings.hpp"

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
      const int64_t start_us = boundary(number * distance_us);
      const int64_t end_us = boundary(number * distance_us + size_us());
      if (time_us < start_us || time_us >= end_us) continue;
      if (settings_.kind != Kind::cumulate) {
        found.push_back({start_us, end_us});
      } else {
        add_steps(time_us, number * distance_us, {start_us, end_us}, found);
      }
    }
    return found;
  }

 private:
  bool in_days() const { return settings_.calendar_days > 0; }
  int64_t size_us() const {
    return in_days() ? settings_.calendar_days * day_us : settings_.size_us;
  }
  // Counted from the first window: by clocks for calendar days, else by exact time.
  int64_t boundary(int64_t distance_us) const {
    const int64_t midnight_us = origin_day * day_us;
    if (in_days()) return zone_.to_instant(midnight_us + settings_.offset_us + distance_us);
    return zone_.to_instant(midnight_us) + settings_.offset_us + distance_us;
  }
  void add_steps(int64_t time_us, int64_t place_us, Span whole, std::vector<Span>& found) const {
    const bool steps_of_days = in_days() && settings_.slide_us % day_us == 0;
    for (int64_t step_us = settings_.slide_us;; step_us += settings_.slide_us) {
      const int64_t end_us = std::min(
          steps_of_days ? boundary(place_us + step_us) : whole.start_us + step_us, whole.end_us);
      if (end_us > time_us) found.push_back({whole.start_us, end_us});
      if (end_us == whole.end_us) return;
    }
  }

  WindowSettings settings_;
  const TimeZone& zone_;
};

std::vector<Span> windows_of(const WindowAssigner& assigner, int64_t time_us) {
  const WindowRun run = assigner.run_of(time_us);
  std::vector<Span> found;
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
  int64_t distance_us = 0;
  if (random() % 2 == 0) {
    window.calendar_days = static_cast<int32_t>(one_of({1, 2, 7, 30}));
    const int64_t size_us = window.calendar_days * day_us;
    window.slide_us = window.kind == Kind::hop        ? day_us
                      : window.kind == Kind::cumulate ? one_of({hour_us, 2 * hour_us, day_us})
                                                      : size_us;
    distance_us = window.kind == Kind::hop ? window.slide_us : size_us;
  } else {
    window.slide_us = one_of({7 * minute_us, hour_us, 5 * hour_us});
    window.size_us = window.slide_us * one_of({1, 3, 24});
    if (window.kind == Kind::tumble) window.slide_us = window.size_us;
    distance_us = window.kind == Kind::hop ? window.slide_us : window.size_us;
  }
  const int64_t most_minutes = distance_us / minute_us - 1;
  const auto span = static_cast<uint64_t>(2 * most_minutes + 1);
  window.offset_us = (static_cast<int64_t>(random() % span) - most_minutes) * minute_us;
  return window;
}

constexpr const char* zones[] = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai",
                                 "Australia/Lord_Howe"};

}  // namespace

TEST(WindowAssignerRandom, WindowsOfATime_AreThoseThatHoldIt) {
  constexpr uint64_t seed = 20260131;
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const TimeZone zone = TimeZone::load(zones[random() % std::size(zones)]).value();
    const WindowSettings window = draw(random);
    const WindowAssigner assigner(window, zone);
    const AllWindows all(window, zone);
    SCOPED_TRACE(zone.name() + ", kind " + std::to_string(static_cast<int>(window.kind)) +
                 " size " + std::to_string(window.size_us / minute_us) + "m or " +
                 std::to_string(window.calendar_days) + "d, slide " +
                 std::to_string(window.slide_us / minute_us) + "m, offset " +
                 std::to_string(window.offset_us / minute_us) + "m, seed " + std::to_string(seed));
    // Over both changes of clocks of the year.
    const int64_t from_us = time_us("2024-03-01 00:00:00");
    for (int i = 0; i < 100; ++i) {
      const int64_t at_us = from_us + static_cast<int64_t>(random() % (270 * 24 * 60)) * minute_us;
      ASSERT_EQ(windows_of(assigner, at_us), all.of(at_us)) << time_text(at_us);
    }
  }
}

}  // namespace sluice
