#include "dataflow/step_counters.hpp"

namespace sluice {

StepCounters::StepCounters(Counters& counters, const std::string& pipeline, const std::string& step)
    : in(counters.at("sluice_records_in_total", {{"pipeline", pipeline}, {"step", step}})),
      created(
          counters.at("sluice_records_created_total", {{"pipeline", pipeline}, {"step", step}})),
      out(counters.at("sluice_records_out_total", {{"pipeline", pipeline}, {"step", step}})),
      dead(counters.at("sluice_records_dead_total", {{"pipeline", pipeline}, {"step", step}})),
      late(counters.at("sluice_late_records_total", {{"pipeline", pipeline}, {"step", step}})),
      held(counters.at("sluice_records_held", {{"pipeline", pipeline}, {"step", step}})),
      counters_(counters),
      pipeline_(pipeline),
      step_(step) {}

Counter& StepCounters::dropped(const std::string& reason) {
  return counters_.at("sluice_records_dropped_total",
                      {{"pipeline", pipeline_}, {"step", step_}, {"reason", reason}});
}

}  // namespace sluice
