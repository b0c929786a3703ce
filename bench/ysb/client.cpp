#include "ysb/client.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace sluice::ysb {

namespace {

Client make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf) {
  std::array<char, 512> problem{};
  Client client(rd_kafka_new(type, conf, problem.data(), problem.size()));
  if (!client) {
    std::fprintf(stderr, "%s\n", problem.data());
    std::exit(2);
  }
  return client;
}

}  // namespace

void ClientDeleter::operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }

rd_kafka_conf_t* make_conf(const std::vector<std::pair<std::string, std::string>>& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> problem{};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), problem.data(), problem.size()) ==
        RD_KAFKA_CONF_OK) {
      continue;
    }
    std::fprintf(stderr, "%s\n", problem.data());
    std::exit(2);
  }
  return conf;
}

Client make_producer(rd_kafka_conf_t* conf) { return make_client(RD_KAFKA_PRODUCER, conf); }
Client make_consumer(rd_kafka_conf_t* conf) { return make_client(RD_KAFKA_CONSUMER, conf); }

}  // namespace sluice::ysb
