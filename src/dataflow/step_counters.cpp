#include "dataflow/step_counters.hpp"

#include "env/metrics.hpp"

namespace sluice {

namespace {

Labels labels_of(const std::string& pipeline, const std::string& step, const std::string& part) {
  return {{"pipeline", pipeline}, {"step", step}, {"operator", part}};
}

}  // namespace

StepCounters::StepCounters(Counters& counters, const std::string& pipeline, const std::string& step,
                           const std::string& part)
    : in(counters.at(metrics::records_in, labels_of(pipeline, step, part))),
      created(counters.at(metrics::records_created, labels_of(pipeline, step, part))),
      out(counters.at(metrics::records_out, labels_of(pipeline, step, part))),
      dead(counters.at(metrics::records_dead, labels_of(pipeline, step, part))),
      restored(counters.at(metrics::records_restored, labels_of(pipeline, step, part))),
      held(counters.at(metrics::records_held, labels_of(pipeline, step, part))),
      counters_(counters),
      pipeline_(pipeline),
      step_(step),
      part_(part) {}

Counter& StepCounters::late(RowPolicy action) {
  Labels labels = labels_of(pipeline_, step_, part_);
  labels.emplace_back("action", action == RowPolicy::drop ? "drop" : "dead_letter");
  return counters_.at(metrics::late_records, std::move(labels));
}

Counter& StepCounters::dropped(const std::string& reason) {
  Labels labels = labels_of(pipeline_, step_, part_);
  labels.emplace_back("reason", reason);
  return counters_.at(metrics::records_dropped, std::move(labels));
}

Counter& StepCounters::state_bytes() {
  return counters_.at(metrics::state_bytes, labels_of(pipeline_, step_, part_));
}

Counter& StepCounters::of_partition(const Metric& metric, const std::string& topic,
                                    int32_t partition) {
  return counters_.at(metric, {{"pipeline", pipeline_},
                               {"step", step_},
                               {"topic", topic},
                               {"partition", std::to_string(partition)}});
}

}  // namespace sluice
