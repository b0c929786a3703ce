#include "kit/held_operations.hpp"

namespace sluice {

namespace {

constexpr size_t most_operations = 20'000;
constexpr size_t most_bytes = 16 * 1024 * 1024;

}  // namespace

void HeldOperations::add(uint32_t sink, std::string_view definition, std::string_view operation) {
  if (definitions_.size() <= sink) definitions_.resize(sink + 1);
  if (definitions_[sink].empty()) definitions_[sink] = definition;
  operations_.emplace_back(sink, operation);
  bytes_ += operation.size();
}

bool HeldOperations::is_full() const {
  return operations_.size() >= most_operations || bytes_ >= most_bytes;
}

void HeldOperations::clear() {
  operations_.clear();
  bytes_ = 0;
  next_ = 0;
}

Result<std::optional<OperationReader::Operation>> HeldOperations::next() {
  if (next_ == operations_.size()) return std::nullopt;
  const auto& [sink, bytes] = operations_[next_++];
  return Operation{sink, bytes};
}

Status HeldOperations::rewind() {
  next_ = 0;
  return {};
}

}  // namespace sluice
