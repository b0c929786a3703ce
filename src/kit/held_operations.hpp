// HeldOperations: what is written through and waits to be written at once: the operations in order,
// up to a bound, and the definitions of their sinks. Owned by a publisher; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dataflow/publisher.hpp"

namespace sluice {

class HeldOperations final : public OperationReader {
 public:
  void add(uint32_t sink, std::string_view definition, std::string_view operation);
  bool is_empty() const { return operations_.empty(); }
  // It is time to write them.
  bool is_full() const;
  // After they were written; the definitions stay.
  void clear();

  // By sink; empty for one that has written nothing yet.
  const std::vector<std::string>& definitions() const { return definitions_; }
  Result<std::optional<Operation>> next() override;
  Status rewind() override;

 private:
  std::vector<std::string> definitions_;
  std::vector<std::pair<uint32_t, std::string>> operations_;
  size_t bytes_ = 0;
  size_t next_ = 0;
};

}  // namespace sluice
