#include "dataflow/operator.hpp"

namespace sluice {

Status Operator::on_watermark(Watermark, Collector&) { return {}; }
Status Operator::on_barrier(const CheckpointBarrier&, Collector&) { return {}; }
std::optional<int64_t> Operator::next_emission_us() const { return std::nullopt; }

Status Operator::snapshot(StateWriter& writer) {
  StateStores* const own = stores();
  if (own == nullptr) return {};
  own->snapshot(writer);
  return own->charge();
}

Status Operator::restore(const StateEntry& entry) {
  StateStores* const own = stores();
  if (own == nullptr)
    return fail(ErrorCode::state_incompatible, "saved state for a step that keeps none");
  SLUICE_TRY(own->restore(entry));
  return own->charge();
}

Status Operator::close() { return {}; }

}  // namespace sluice
