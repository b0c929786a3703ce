// The PostgreSQL connector: sink, lookup and transactional publisher over libpq.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice {

std::unique_ptr<Connector> make_postgres_connector();

}  // namespace sluice
