#include "unit/operators/operator_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "support/test_rows.hpp"

namespace sluice::test {

namespace {

// The first word, which is removed from the text.
std::string take_word(std::string& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const std::string word = text.substr(0, end);
  text.erase(0, std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

std::string result_text(const HarnessResult& result) {
  std::string text;
  for (const std::string& change : result.changes) text += change + "\n";
  for (const std::string& letter : result.dead_letters) text += "dead " + letter + "\n";
  for (const auto& [name, value] : result.counters) {
    if (name == "in" || name == "out" || value == 0) continue;
    text += "count " + name + " " + std::to_string(value) + "\n";
  }
  if (result.error) {
    return text + "error " + error_code_text(result.error->code) + " " +
           result.error->placed_message() + "\n";
  }
  const std::string memory = result.memory_bytes == 0 ? "no memory" : "memory in use";
  return text + "saved " + std::to_string(result.saved_entries) + ", " + memory + "\n";
}

}  // namespace

int64_t duration_us(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  EXPECT_EQ(error, std::errc()) << "not a duration: " << text;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  if (unit == "ms") return number * 1'000;
  if (unit == "s") return number * 1'000'000;
  if (unit == "m") return number * 60'000'000;
  EXPECT_EQ(unit, "h") << "not a duration: " << text;
  return number * 3'600'000'000;
}

OperatorScript::OperatorScript(const std::string& text) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    std::string rest = line;
    if (line == "once") {
      runs_once_ = true;
    } else if (take_word(rest) == "set") {
      const std::string name = take_word(rest);
      settings_[name] = rest;
    } else {
      lines_.push_back(line);
    }
  }
}

std::string OperatorScript::setting(const std::string& name) const {
  const auto found = settings_.find(name);
  return found == settings_.end() ? std::string() : found->second;
}

int64_t OperatorScript::duration(const std::string& name) const {
  return has(name) ? duration_us(setting(name)) : 0;
}

void OperatorScript::feed(OperatorHarness& harness, const std::vector<std::string>& ports,
                          const Outside& outside) const {
  std::string rows;
  size_t port_of_rows = 0;
  const auto flush = [&] {
    if (!rows.empty()) harness.rows(std::exchange(rows, {}), port_of_rows);
  };
  for (const std::string& line : lines_) {
    std::string rest = line;
    const std::string word = take_word(rest);
    const auto port = std::find(ports.begin(), ports.end(), word);
    const auto index = static_cast<size_t>(port - ports.begin());
    if (port == ports.end() || index != port_of_rows) flush();
    if (port != ports.end()) {
      port_of_rows = index;
      rows += rest + "\n";
    } else if (word == "watermark") {
      harness.watermark(rest);
    } else if (word == "barrier" || word == "final") {
      harness.barrier(rest.empty() || word == "final" ? "00:00" : rest, word == "final");
    } else if (word == "clock") {
      harness.advance_clock(duration_us(rest));
    } else if (word == "budget") {
      harness.budget(std::stoull(rest));
    } else if (outside) {
      harness.change_outside([outside, line] { outside(line); });
    } else {
      ADD_FAILURE() << "no such line in a case: " << line;
    }
  }
  flush();
}

std::string OperatorScript::run(OperatorHarness& harness, const std::vector<std::string>& ports,
                                const Outside& outside) const {
  feed(harness, ports, outside);
  return result_text(runs_once_ ? harness.run_once() : harness.run());
}

}  // namespace sluice::test
