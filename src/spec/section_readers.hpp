// The readers of the file's sections, one .cpp each: from Node to the typed spec. Each reports
// every problem it finds and returns what it could read. Called by load_pipeline in the order
// below; one thread.
#pragma once

#include "spec/spec_reader.hpp"

namespace sluice {

SettingsSpec read_settings(const Node& root, SpecReader& reader);
// `value` is already interpolated.
ConnectionSpec read_connection(const NamedNode& connection, SpecReader& reader);
// Also tells the reader what happens to bad rows where nothing is stated.
ErrorsSpec read_errors(const Node& root, SpecReader& reader);
SourceSpec read_source(const NamedNode& source, SpecReader& reader);
LookupSpec read_lookup(const NamedNode& lookup, SpecReader& reader);
StepSpec read_step(const NamedNode& step, SpecReader& reader);
SinkSpec read_sink(const NamedNode& sink, SpecReader& reader);
std::vector<TestSpec> read_tests(const Node& root, SpecReader& reader);

}  // namespace sluice
