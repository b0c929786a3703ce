#include "unit/windows/window_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include "support/test_rows.hpp"
#include "values/value_text.hpp"
#include "windows/duration_text.hpp"
#include "windows/kinds/carried.hpp"
#include "windows/window_assigner.hpp"
#include "windows/window_functions.hpp"

namespace sluice::test {

namespace {

struct WindowCase {
  std::string call;
  std::optional<CarriedBy> carried;
  TimeZone zone;
  TypeKind time_type = TypeKind::timestamptz;
  std::vector<std::string> times;
};

WindowCase read_case(const std::string& input) {
  WindowCase read;
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("zone ")) {
      read.zone = TimeZone::load(line.substr(5)).value();
    } else if (line == "type timestamp") {
      read.time_type = TypeKind::timestamp;
    } else if (line.starts_with("carried by ")) {
      read.carried = line.ends_with("end") ? CarriedBy::end : CarriedBy::start;
    } else if (line.ends_with(")")) {
      read.call = line;
    } else {
      read.times.push_back(line);
    }
  }
  return read;
}

WindowDuration read_duration(const std::string& text) {
  const Result<Interval> interval = parse_interval(text);
  EXPECT_TRUE(interval.has_value()) << text;
  return interval ? WindowDuration{interval->days, interval->microseconds} : WindowDuration{};
}

MadeWindow make_window(const std::string& call) {
  const size_t open = call.find('(');
  std::string name = call.substr(0, open);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char letter) { return static_cast<char>(letter - 'A' + 'a'); });
  const WindowFunctions functions;
  const WindowFunction* function = functions.find(name);
  EXPECT_NE(function, nullptr) << call;
  std::vector<WindowDuration> durations;
  std::istringstream texts(call.substr(open + 1, call.size() - open - 2));
  for (std::string text; std::getline(texts, text, ',');) durations.push_back(read_duration(text));
  if (function == nullptr || durations.size() < function->least_durations ||
      durations.size() > function->most_durations) {
    ADD_FAILURE() << "durations of " << call;
    return WindowPtr();
  }
  return function->make(durations);
}

std::string length_text(const Window& window) {
  const std::optional<WindowLength> length = window.length();
  if (!length) return "as long as rows make it";
  const std::string least = duration_text(length->least_us) + " long";
  return length->is_exact()
             ? least
             : duration_text(length->least_us) + " to " + duration_text(length->most_us) + " long";
}

std::string description(const Window& window) {
  std::string text = window.text("at") + "\n" + window.canonical_text("at") + "\n";
  text += length_text(window);
  text += window.is_told_by_start() ? ", told by start" : ", told by end alone";
  if (window.may_overlap()) text += ", rows may be in several";
  if (window.depends_on_rows()) text += ", by the rows around";
  if (const int64_t open_us = window.open_after_end_us(); open_us > 0)
    text += ", open " + duration_text(open_us) + " after its end";
  return text + "\n";
}

// The windows of a time one by one; of many the first and the last.
std::string windows_text(const WindowAssigner& assigner, const WindowRun& run) {
  if (run.is_empty()) return "none";
  constexpr size_t most_shown = 4;
  std::vector<std::string> windows;
  for (int64_t end_us = run.first_end_us;; end_us = assigner.next_end(end_us)) {
    windows.push_back(time_text(assigner.start_of(end_us)) + " to " + time_text(end_us));
    if (end_us >= run.last_end_us) break;
  }
  std::string text = windows.front();
  if (windows.size() > most_shown)
    return text + ", … " + windows.back() + " (" + std::to_string(windows.size()) + ")";
  for (size_t i = 1; i < windows.size(); ++i) text += ", " + windows[i];
  return text;
}

// Whether a time near this one is shown twice.
bool go_clocks_back_near(const TimeZone& zone, int64_t time_us) {
  constexpr int64_t near_us = int64_t{2} * 3'600'000'000;
  return zone.to_local(time_us + near_us) - zone.to_local(time_us - near_us) < 2 * near_us;
}

// Slices follow each other without a gap, and each has one run. Neighbours have different ones, but
// for times that clocks show twice, which are slices of their own.
void check_slices(const WindowAssigner& assigner, const TimeZone& zone, WindowRun run) {
  constexpr int slices = 200;
  for (int i = 0; i < slices; ++i) {
    EXPECT_EQ(assigner.run_of(run.from_us), run);
    EXPECT_EQ(assigner.run_of(run.to_us - 1), run);
    const WindowRun next = assigner.run_of(run.to_us);
    EXPECT_EQ(next.from_us, run.to_us);
    const bool is_same =
        next.first_end_us == run.first_end_us && next.last_end_us == run.last_end_us;
    EXPECT_FALSE(is_same && !go_clocks_back_near(zone, run.to_us)) << time_text(run.to_us);
    run = next;
  }
}

std::string times_text(const WindowCase& given, const Window& window) {
  const auto assigner = window.assigner(given.time_type, given.zone);
  EXPECT_EQ(assigner == nullptr, window.depends_on_rows());
  if (assigner == nullptr) return {};
  std::string text;
  for (const std::string& time : given.times) {
    const WindowRun run = assigner->run_of(time_us(time));
    EXPECT_TRUE(run.holds(time_us(time))) << time;
    check_slices(*assigner, given.zone, run);
    text += time + ": " + windows_text(*assigner, run) + "\n";
  }
  return text;
}

}  // namespace

std::string window_case_text(const std::string& input) {
  const WindowCase given = read_case(input);
  MadeWindow made = make_window(given.call);
  if (const auto* problem = std::get_if<WindowProblem>(&made)) {
    const std::string advice = problem->advice.empty() ? "" : "\n  | " + problem->advice;
    return "refused, duration " + std::to_string(problem->duration + 1) + ": " + problem->message +
           advice + "\n";
  }
  WindowPtr window = std::get<WindowPtr>(made);
  if (window == nullptr) return {};
  if (given.carried) window = carried_windows(window, *given.carried);
  return description(*window) + times_text(given, *window);
}

}  // namespace sluice::test
