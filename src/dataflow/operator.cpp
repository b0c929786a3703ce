#include "dataflow/operator.hpp"

namespace sluice {

Status Operator::on_watermark(Watermark, Collector&) { return {}; }
Status Operator::on_barrier(const CheckpointBarrier&, Collector&) { return {}; }
Status Operator::snapshot(StateWriter&) { return {}; }

Status Operator::restore(const StateEntry&) {
  return fail(ErrorCode::state_incompatible, "saved state for a step that keeps none");
}

Status Operator::close() { return {}; }

}  // namespace sluice
