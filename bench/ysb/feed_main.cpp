// sluice_ysb_feed: writes events to the partitions of a Kafka topic, in turn, as fast as librdkafka
// takes them, each once; and the ads as lines "ad<TAB>campaign".
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <vector>

#include "ysb/client.hpp"
#include "ysb/events.hpp"

namespace sluice::ysb {

namespace {

constexpr size_t batch_events = 1'000;
constexpr int flush_timeout_ms = 120'000;

struct Arguments {
  std::string brokers;
  std::string topic;
  std::string ads;
  uint64_t events = 5'000'000;
  uint64_t seed = 1;
  int32_t partitions = 4;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* failures) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<uint64_t*>(failures);
}

// The events of one partition that wait to be handed to the producer.
struct Batch {
  std::string bytes;
  std::vector<size_t> ends;

  void clear() {
    bytes.clear();
    ends.clear();
  }
};

// Hands over a whole batch; waits while the producer's queue is full. False when it refuses.
bool produce(rd_kafka_t* client, rd_kafka_topic_t* topic, int32_t partition, Batch& batch) {
  std::vector<rd_kafka_message_t> messages(batch.ends.size());
  size_t start = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    messages[i].payload = batch.bytes.data() + start;
    messages[i].len = batch.ends[i] - start;
    start = batch.ends[i];
  }
  size_t done = 0;
  while (done < messages.size()) {
    done += static_cast<size_t>(rd_kafka_produce_batch(topic, partition, RD_KAFKA_MSG_F_COPY,
                                                       messages.data() + done,
                                                       static_cast<int>(messages.size() - done)));
    if (done < messages.size() && messages[done].err != RD_KAFKA_RESP_ERR__QUEUE_FULL) return false;
    rd_kafka_poll(client, done < messages.size() ? 10 : 0);
  }
  batch.clear();
  return true;
}

bool feed(const Arguments& arguments, Events& events, rd_kafka_t* client, rd_kafka_topic_t* topic) {
  std::vector<Batch> batches(static_cast<size_t>(arguments.partitions));
  for (uint64_t number = 0; number < arguments.events; ++number) {
    const size_t partition = number % batches.size();
    Batch& batch = batches[partition];
    events.append_next(batch.bytes);
    batch.ends.push_back(batch.bytes.size());
    if (batch.ends.size() < batch_events) continue;
    if (!produce(client, topic, static_cast<int32_t>(partition), batch)) return false;
  }
  for (size_t partition = 0; partition < batches.size(); ++partition) {
    if (!produce(client, topic, static_cast<int32_t>(partition), batches[partition])) return false;
  }
  return rd_kafka_flush(client, flush_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool write_ads(const Ads& ads, const std::string& path) {
  std::ofstream out(path, std::ios::trunc);
  for (const auto& [ad, campaign] : ads) out << ad << '\t' << campaign << '\n';
  out.close();
  return out.good();
}

int run(const Arguments& arguments) {
  Events events(arguments.seed);
  uint64_t failures = 0;
  rd_kafka_conf_t* conf = make_conf({{"bootstrap.servers", arguments.brokers},
                                     {"enable.idempotence", "true"},
                                     {"linger.ms", "20"},
                                     {"batch.size", "1000000"},
                                     {"queue.buffering.max.messages", "200000"}});
  rd_kafka_conf_set_opaque(conf, &failures);
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  const Client client = make_producer(conf);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client.get(), arguments.topic.c_str(), nullptr);
  const bool is_fed = feed(arguments, events, client.get(), topic) && failures == 0;
  rd_kafka_topic_destroy(topic);
  if (!is_fed) {
    std::fprintf(stderr, "not every event was acknowledged\n");
    return 1;
  }
  return write_ads(events.ads(), arguments.ads) ? 0 : 1;
}

int run_main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Writes generated events to a Kafka topic"};
  app.add_option("--brokers", arguments.brokers, "where")->required();
  app.add_option("--topic", arguments.topic, "an existing topic")->required();
  app.add_option("--ads", arguments.ads, "file for the ads and their campaigns")->required();
  app.add_option("--events", arguments.events, "how many")->capture_default_str();
  app.add_option("--seed", arguments.seed, "of the events")->capture_default_str();
  app.add_option("--partitions", arguments.partitions, "of the topic")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}

}  // namespace

}  // namespace sluice::ysb

int main(int argc, char** argv) { return sluice::ysb::run_main(argc, argv); }
