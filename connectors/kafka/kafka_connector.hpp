// The Kafka connector: source, sink and transactional publisher over librdkafka.
#pragma once

#include <memory>

#include "dataflow/connector.hpp"

namespace sluice {

std::unique_ptr<Connector> make_kafka_connector();

}  // namespace sluice
