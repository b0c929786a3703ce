// Edited: a pipeline that has saved its state over its first records, and is edited then. Owned by
// a test, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unit/pipeline/memory_pipeline.hpp"

namespace sluice::test {

// The text with this part of it replaced, which must be there.
std::string replaced(std::string text, const std::string& from, const std::string& to);

inline constexpr const char* dead_letters =
    "errors: {dead_letter: {memory: {connection: m, table: dead}}}\n";

// A JSON record with these fields and a time of its column `at`.
std::string sale(const std::string& fields, const std::string& time = "08:00:00");

class Edited {
 public:
  // With more than one slot, rows are folded before they reach windows and groups.
  explicit Edited(std::string body, uint32_t slots = 1);

  Edited& records(const std::string& stream, const std::vector<std::string>& values);
  // Reads everything there is, and saves.
  Edited& run();
  Edited& edit(const std::string& from, const std::string& to);
  // Starts the edited pipeline to its end, and gives why it was refused; without that, the rows
  // that it wrote to `out`.
  std::string refusal();

  // Rows of `out`, the last of each key (the first columns); with 0 all of them.
  std::vector<std::string> out(size_t key_columns = 0) const;
  std::vector<std::string> dead() const;
  bool has_logged(const std::string& part) const { return pipeline_.log.has(part); }

 private:
  std::string body_;
  const uint32_t slots_;
  MemoryPipeline pipeline_;
};

}  // namespace sluice::test
