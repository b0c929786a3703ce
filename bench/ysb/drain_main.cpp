// sluice_ysb_drain: reads a topic to its end with librdkafka and only touches each payload: the
// most that anything built on it could reach. With --expected, computes instead what the pipeline
// must answer for the topic.
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "ysb/campaign_counts.hpp"
#include "ysb/client.hpp"

namespace sluice::ysb {

namespace {

constexpr size_t batch_messages = 10'000;
// A batch that does not fill up waits this long, the last one too.
constexpr int wait_ms = 5;
constexpr int patience_waits = 6'000;

struct Arguments {
  std::string brokers;
  std::string topic;
  std::string expected;
  uint64_t seed = 1;
  int32_t partitions = 4;
};

// As the engine's source reads.
rd_kafka_conf_t* consumer_conf(const std::string& brokers) {
  return make_conf({{"bootstrap.servers", brokers},
                    {"group.id", "ysb_drain"},
                    {"enable.auto.commit", "false"},
                    {"enable.auto.offset.store", "false"},
                    {"enable.partition.eof", "true"},
                    {"isolation.level", "read_committed"},
                    {"queued.min.messages", "100000"},
                    {"queued.max.messages.kbytes", "16384"},
                    {"fetch.wait.max.ms", "50"}});
}

void assign(rd_kafka_t* client, const Arguments& arguments) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(arguments.partitions);
  for (int32_t partition = 0; partition < arguments.partitions; ++partition) {
    rd_kafka_topic_partition_list_add(list, arguments.topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
}

std::string_view payload(const rd_kafka_message_t& message) {
  return {static_cast<const char*>(message.payload), message.len};
}

struct Drained {
  uint64_t messages = 0;
  uint64_t touched = 0;  // sum of first bytes, so that reading them is not optimised away
  int32_t ended = 0;     // partitions
  bool failed = false;
};

void take(const rd_kafka_message_t& message, CampaignCounts* counts, Drained& drained) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    ++drained.ended;
    return;
  }
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR || message.len == 0) {
    drained.failed = true;
    return;
  }
  ++drained.messages;
  drained.touched += static_cast<unsigned char>(payload(message).front());
  if (counts != nullptr && !counts->add(payload(message))) drained.failed = true;
}

Drained drain(const Arguments& arguments, CampaignCounts* counts) {
  const Client client = make_consumer(consumer_conf(arguments.brokers));
  rd_kafka_poll_set_consumer(client.get());
  assign(client.get(), arguments);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(client.get());
  std::vector<rd_kafka_message_t*> messages(batch_messages);
  Drained drained;
  for (int waits = 0; drained.ended < arguments.partitions && !drained.failed;) {
    const ssize_t count =
        rd_kafka_consume_batch_queue(queue, wait_ms, messages.data(), messages.size());
    waits = count > 0 ? 0 : waits + 1;
    if (count < 0 || waits == patience_waits) drained.failed = true;
    for (ssize_t i = 0; i < count; ++i) {
      take(*messages[static_cast<size_t>(i)], counts, drained);
      rd_kafka_message_destroy(messages[static_cast<size_t>(i)]);
    }
  }
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(client.get());
  return drained;
}

int run(const Arguments& arguments) {
  std::unique_ptr<CampaignCounts> counts;
  const Ads ads = make_ads(arguments.seed);
  if (!arguments.expected.empty()) counts = std::make_unique<CampaignCounts>(ads);
  const Drained drained = drain(arguments, counts.get());
  if (drained.failed || (counts && !counts->write(arguments.expected))) {
    std::fprintf(stderr, "the topic could not be read to its end\n");
    return 1;
  }
  std::printf("{\"messages\": %llu, \"touched\": %llu}\n",
              static_cast<unsigned long long>(drained.messages),
              static_cast<unsigned long long>(drained.touched));
  return 0;
}

int run_main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Reads a Kafka topic to its end"};
  app.add_option("--brokers", arguments.brokers, "where")->required();
  app.add_option("--topic", arguments.topic, "what")->required();
  app.add_option("--partitions", arguments.partitions, "of the topic")->capture_default_str();
  app.add_option("--expected", arguments.expected, "file for the recomputation");
  app.add_option("--seed", arguments.seed, "of the events, for --expected")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}

}  // namespace

}  // namespace sluice::ysb

int main(int argc, char** argv) { return sluice::ysb::run_main(argc, argv); }
