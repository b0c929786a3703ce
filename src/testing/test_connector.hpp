// The connector `test`: stands in for every connector of a pipeline under test. Sources deliver the
// records of a TestWorld, one split each; sinks publish rows into it; lookups read its tables.
//
// A sink's operation is the row's kind (one byte) and its RowCodec encoding; its definition is its
// name.
#pragma once

#include <memory>
#include <string>

#include "dataflow/connector.hpp"
#include "testing/test_world.hpp"

namespace sluice {

// The world is borrowed and outlives the connector and all that it makes.
std::unique_ptr<Connector> make_test_connector(TestWorld& world);

// Options that name a source of the test connector.
Options test_source_options(const std::string& source);

// The parts of the connector.
std::unique_ptr<SourceDescription> make_test_source(TestWorld& world, const std::string& name);
std::unique_ptr<SinkDescription> make_test_sink(const SinkRequest& request);
std::unique_ptr<LookupDescription> make_test_lookup(const TestWorld& world,
                                                    const LookupRequest& request);
std::unique_ptr<Publisher> make_test_publisher(TestWorld& world, PublisherIds ids);

}  // namespace sluice
