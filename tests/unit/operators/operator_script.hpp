// OperatorScript: one case of an operator as text, and what came of it as text, for golden cases.
//   set ttl 1m             a setting; the test says which there are
//   left a | 00:05         a row of the port of that name; rows in a row are one batch
//   watermark 00:05        or final
//   barrier 00:05          the time may be left out; `final barrier` closes
//   clock 30s
//   budget 1000            of memory, in bytes
//   once                   only as written: what differs between the ways is looked at
// The result: changes in order, dead letters, counters other than in and out, what is left of
// the state, and the error of a case that fails. Owned by a test, one thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/operator_harness.hpp"

namespace sluice::test {

// "90s", "-10m", "500ms" in microseconds.
int64_t duration_us(std::string_view text);

class OperatorScript {
 public:
  explicit OperatorScript(const std::string& text);

  // "" when it is not set.
  std::string setting(const std::string& name) const;
  bool has(const std::string& name) const { return settings_.contains(name); }
  int64_t duration(const std::string& name) const;
  bool runs_once() const { return runs_once_; }

  // Runs the case. Lines that name no port and are none of the above go to `outside`.
  using Outside = std::function<void(const std::string& line)>;
  std::string run(OperatorHarness& harness, const std::vector<std::string>& ports,
                  const Outside& outside = {}) const;

 private:
  void feed(OperatorHarness& harness, const std::vector<std::string>& ports,
            const Outside& outside) const;

  std::map<std::string, std::string> settings_;
  std::vector<std::string> lines_;
  bool runs_once_ = false;
};

}  // namespace sluice::test
