// What tests of connectors share: options from YAML text, and operations in memory on both sides of
// a spool. One thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/option_spec.hpp"
#include "dataflow/publisher.hpp"
#include "dataflow/sink.hpp"

namespace sluice::test {

// Options of a table from YAML in flow form: `{path: a}`. A problem fails the running test.
Options options_of(const OptionTable& table, const std::string& yaml);

using Operations = std::vector<std::pair<uint32_t, std::string>>;  // sink and bytes

// Keeps what a sink writes.
class OperationCollector final : public OperationWriter {
 public:
  OperationCollector(uint32_t sink, Operations& operations)
      : sink_(sink), operations_(operations) {}
  Status write(std::string_view operation) override {
    operations_.emplace_back(sink_, operation);
    return {};
  }

 private:
  uint32_t sink_;
  Operations& operations_;
};

class MemoryOperations final : public OperationReader {
 public:
  explicit MemoryOperations(Operations all) : all_(std::move(all)) {}
  Result<std::optional<Operation>> next() override {
    if (next_ == all_.size()) return std::nullopt;
    const auto& [sink, bytes] = all_[next_++];
    return Operation{sink, bytes};
  }
  Status rewind() override {
    next_ = 0;
    return {};
  }

 private:
  Operations all_;
  size_t next_ = 0;
};

}  // namespace sluice::test
