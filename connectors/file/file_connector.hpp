// Connector `file`: lines of files in a folder, read as a bounded stream and written exactly once.
// One instance, shared, immutable.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice {

std::unique_ptr<Connector> make_file_connector();

}  // namespace sluice
