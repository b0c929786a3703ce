// The Redis connector: sink and publisher over hiredis.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice {

std::unique_ptr<Connector> make_redis_connector();

}  // namespace sluice
