#include "dataflow/operator.hpp"

namespace sluice {

Status Operator::on_watermark(Watermark, Collector&) { return {}; }
Status Operator::on_barrier(const CheckpointBarrier&, Collector&) { return {}; }
std::optional<int64_t> Operator::next_emission_us() const { return std::nullopt; }
Status Operator::snapshot(StateWriter&) { return {}; }

Status Operator::restore(const StateEntry&) {
  return fail(ErrorCode::state_incompatible, "saved state for a step that keeps none");
}

Status Operator::close() { return {}; }

}  // namespace sluice
