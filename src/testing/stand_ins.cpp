#include "testing/stand_ins.hpp"

#include "config/document.hpp"
#include "testing/test_connector.hpp"

namespace sluice {

namespace {

constexpr const char* stand_in = "test";

Options defaults_of(const OptionTable& table) {
  Diagnostics diagnostics;
  const SourceText empty("test", "{}");
  return table.read(parse_yaml(empty, diagnostics), "test", diagnostics);
}

EndpointSpec endpoint(const EndpointSpec& from, Options options = {}) {
  return {stand_in, stand_in, std::move(options), from.location};
}

void replace_source(SourceSpec& source, bool is_changelog, const FormatRegistry& formats) {
  const char* format = is_changelog ? "canal_json" : "json";
  source.from = endpoint(source.from, test_source_options(source.name));
  source.format =
      FormatSpec{format, defaults_of(formats.find_input(format)->options()), source.location};
  for (ColumnSpec& column : source.columns) {
    if (column.expr) continue;
    column.path = {column.name};
    column.meta = MetaColumn::none;
  }
  // Given rows have no time of arrival that theirs could be ahead of.
  if (source.event_time) source.event_time->max_ahead_us = INT64_MAX;
}

}  // namespace

std::string sink_of_step(const std::string& step) { return "step " + step; }

PipelineSpec with_stand_ins(const PipelineSpec& spec, const TestSpec& test, const GivenRows& given,
                            const FormatRegistry& formats) {
  PipelineSpec replaced = spec;
  replaced.settings.delivery = Delivery::exactly_once;
  replaced.connections = {{stand_in, stand_in, {}, spec.location}};
  for (SourceSpec& source : replaced.sources)
    replace_source(source, given.is_changelog(*spec.find_source(source.name)), formats);
  for (LookupSpec& lookup : replaced.lookups) lookup.from = endpoint(lookup.from);
  for (SinkSpec& sink : replaced.sinks) {
    sink.to = endpoint(sink.to);
    sink.format.reset();
  }
  for (const TestRowsSpec& expected : test.expect) {
    if (spec.find_step(expected.relation) == nullptr) continue;
    SinkSpec sink;
    sink.name = sink_of_step(expected.relation);
    sink.from = expected.relation;
    sink.to = endpoint({});
    sink.mode = SinkMode::changelog;
    replaced.sinks.push_back(std::move(sink));
  }
  if (replaced.errors.dead_letter) {
    replaced.errors.dead_letter = endpoint(*spec.errors.dead_letter);
    replaced.errors.dead_letter_format.reset();
  }
  return replaced;
}

}  // namespace sluice
