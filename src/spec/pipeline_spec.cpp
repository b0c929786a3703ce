#include "spec/pipeline_spec.hpp"

#include "config/find_named.hpp"

namespace sluice {

const ColumnSpec* SourceSpec::find_column(std::string_view wanted) const {
  return find_named(columns, wanted);
}

const ConnectionSpec* PipelineSpec::find_connection(std::string_view wanted) const {
  return find_named(connections, wanted);
}

const SourceSpec* PipelineSpec::find_source(std::string_view wanted) const {
  return find_named(sources, wanted);
}

const LookupSpec* PipelineSpec::find_lookup(std::string_view wanted) const {
  return find_named(lookups, wanted);
}

const StepSpec* PipelineSpec::find_step(std::string_view wanted) const {
  return find_named(steps, wanted);
}

const SinkSpec* PipelineSpec::find_sink(std::string_view wanted) const {
  return find_named(sinks, wanted);
}

}  // namespace sluice
