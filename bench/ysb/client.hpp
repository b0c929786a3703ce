// A librdkafka client of the benchmark's own programs. Settings that it does not take, and clients
// that cannot be made, end the program with a message: nothing can be measured then.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_conf_s;

namespace sluice::ysb {

struct ClientDeleter {
  void operator()(rd_kafka_s* client) const;
};
using Client = std::unique_ptr<rd_kafka_s, ClientDeleter>;

// The caller hands the result to make_producer or make_consumer.
rd_kafka_conf_s* make_conf(const std::vector<std::pair<std::string, std::string>>& settings);

Client make_producer(rd_kafka_conf_s* conf);
Client make_consumer(rd_kafka_conf_s* conf);

}  // namespace sluice::ysb
