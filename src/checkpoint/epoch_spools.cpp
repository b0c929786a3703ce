#include "checkpoint/epoch_spools.hpp"

#include <utility>

#include "base/assert.hpp"

namespace sluice {

EpochSpools::EpochSpools(const StateFolder& folder, MemoryPool& memory, std::vector<Target> targets,
                         uint64_t limit_bytes)
    : folder_(folder), memory_(memory), limit_bytes_(limit_bytes) {
  for (Target& target : targets) {
    slots_.push_back(std::make_unique<Slot>());
    slots_.back()->target = std::move(target);
  }
}

Result<SpoolWriter*> EpochSpools::writer_of(Slot& slot, Epoch epoch) {
  const auto found = slot.open.find(epoch);
  if (found != slot.open.end()) return found->second.writer.get();
  Open open;
  open.memory = std::make_unique<Reservation>(memory_, "spool of target " + slot.target.name);
  SLUICE_TRY(open.memory->resize(SpoolWriter::buffer_bytes));
  SLUICE_ASSIGN(open.writer,
                SpoolWriter::create(folder_.filesystem(),
                                    folder_.path_of(spool_name(epoch, slot.target.name)),
                                    {epoch, slot.target.name, slot.target.sinks}));
  return slot.open.emplace(epoch, std::move(open)).first->second.writer.get();
}

Status EpochSpools::append(size_t target, uint32_t sink, Epoch epoch,
                           std::string_view framed_operations, uint64_t operation_count) {
  if (framed_operations.empty()) return {};
  SLUICE_ASSERT(target < slots_.size(), "operations for an unknown target");
  Slot& slot = *slots_[target];
  SLUICE_ASSERT(sink < slot.target.sinks.size(), "operations for an unknown sink");
  const std::lock_guard lock(slot.mutex);
  SLUICE_ASSIGN(SpoolWriter* const writer, writer_of(slot, epoch));
  return writer->append(sink, framed_operations, operation_count);
}

bool EpochSpools::is_full(Epoch epoch) const {
  for (const auto& slot : slots_) {
    const std::lock_guard lock(slot->mutex);
    const auto found = slot->open.find(epoch);
    if (found != slot->open.end() && found->second.writer->bytes() > limit_bytes_) return true;
  }
  return false;
}

Result<std::vector<ClosedSpool>> EpochSpools::close_up_to(size_t target, Epoch epoch,
                                                          MarkerPoint after) {
  Slot& slot = *slots_[target];
  std::map<Epoch, Open> closing;
  {
    const std::lock_guard lock(slot.mutex);
    while (!slot.open.empty() && slot.open.begin()->first <= epoch) {
      closing.insert(slot.open.extract(slot.open.begin()));
    }
  }
  std::vector<ClosedSpool> closed;
  for (const auto& [closing_epoch, open] : closing) {
    SLUICE_ASSIGN(const FileSeal seal, open.writer->close(after));
    closed.push_back({closing_epoch, spool_name(closing_epoch, slot.target.name), seal, after});
    after = {closing_epoch, same_decision};
  }
  return closed;
}

}  // namespace sluice
