#include "cli/registry.hpp"

#include "connectors/file/file_connector.hpp"
#include "connectors/kafka/kafka_connector.hpp"
#include "connectors/postgres/postgres_connector.hpp"
#include "connectors/redis/redis_connector.hpp"

namespace sluice {

std::unique_ptr<Registry> make_registry() {
  auto registry = std::make_unique<Registry>();
  registry->add(make_file_connector());
  registry->add(make_kafka_connector());
  registry->add(make_postgres_connector());
  registry->add(make_redis_connector());
  register_builtin_formats(registry->formats());
  register_builtin_functions(registry->functions());
  return registry;
}

}  // namespace sluice
