#include "storage/state_buffer.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "storage/block_file.hpp"
#include "storage/encoding.hpp"
#include "storage/state_entries.hpp"

namespace sluice {

namespace {

constexpr size_t block_bytes = 1u << 20;
// More than the numbers of one entry and the node mark's own need.
constexpr size_t entry_overhead_bytes = 64;

}  // namespace

StateBuffer::StateBuffer(SnapshotKind kind, MemoryPool& memory)
    : kind_(kind),
      memory_(std::make_unique<Reservation>(memory, "the copy of state that a checkpoint writes")) {
}

void StateBuffer::begin_node(std::string_view state_id) {
  node_ = state_id;
  // Opens the node within the block; without one, append() does when it begins the next block.
  if (!current_.empty()) {
    current_.push_back(static_cast<char>(StateMark::node));
    append_text(current_, node_);
  }
}

void StateBuffer::put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) {
  append(static_cast<uint8_t>(StateMark::put), table, group, key, value);
}

void StateBuffer::remove(uint8_t table, KeyGroup group, std::string_view key) {
  append(static_cast<uint8_t>(StateMark::remove), table, group, key, {});
}

void StateBuffer::append(uint8_t flags, uint8_t table, KeyGroup group, std::string_view key,
                         std::string_view value) {
  SLUICE_ASSERT(!node_.empty(), "state without a node");
  if (!outcome_) return;
  const size_t needed = key.size() + value.size() + node_.size() + entry_overhead_bytes;
  if (needed > max_block_bytes) return refuse(needed);
  if (!current_.empty() && current_.size() + needed > block_bytes) close_block();
  open_block(needed);
  if (!charge()) return;
  current_.push_back(static_cast<char>(flags));
  current_.push_back(static_cast<char>(table));
  append_varint(current_, group.value);
  append_text(current_, key);
  if (flags == static_cast<uint8_t>(StateMark::put)) append_text(current_, value);
  ++entries_;
}

void StateBuffer::refuse(size_t bytes) {
  outcome_ = fail(ErrorCode::entry_too_large,
                  "the state of one key of " + node_ + " needs " + std::to_string(bytes) +
                      " bytes; " + std::to_string(max_block_bytes) + " can be saved");
}

// With room for `needed` bytes. A block that has grown to some size will likely be filled, and
// doubling would make it twice as large as it can be.
void StateBuffer::open_block(size_t needed) {
  const size_t wanted = current_.size() + needed;
  if (wanted > current_.capacity()) {
    const size_t doubled = std::max(wanted, 2 * current_.capacity());
    current_.reserve(doubled > block_bytes / 4 ? std::max(wanted, block_bytes) : doubled);
  }
  if (!current_.empty()) return;
  current_.push_back(static_cast<char>(StateMark::node));
  append_text(current_, node_);
}

bool StateBuffer::charge() {
  const uint64_t held = closed_bytes_ + current_.capacity();
  if (held <= memory_->bytes()) return true;
  outcome_ = memory_->resize(held);
  if (!outcome_) outcome_.error().message += "; it has come to " + node_;
  return outcome_.has_value();
}

void StateBuffer::close_block() {
  if (current_.empty()) return;
  closed_bytes_ += current_.capacity();
  blocks_.push_back(std::move(current_));
  current_ = {};
}

Status StateBuffer::finish() {
  close_block();
  return outcome_;
}

uint64_t StateBuffer::bytes() const {
  uint64_t bytes = current_.size();
  for (const std::string& block : blocks_) bytes += block.size();
  return bytes;
}

}  // namespace sluice
