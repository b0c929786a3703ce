// sluice_pulse: writes numbered records to a topic at a steady rate, and reads what becomes of them
// from another one meanwhile. A line "number<TAB>due<TAB>seen" for each record that was read: when
// it was to be written, whether or not the writer was late, and when it was read, in microseconds.
#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "ysb/client.hpp"

namespace sluice::ysb {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int wait_ms = 100;
constexpr int flush_timeout_ms = 30'000;

struct Arguments {
  std::string brokers;
  std::string from;
  std::string to;
  uint64_t rate = 1'000;
  uint64_t records = 10'000;
  int32_t partitions = 1;
  int64_t patience_s = 60;
};

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             SteadyClock::now().time_since_epoch())
      .count();
}

struct Seen {
  uint64_t number;
  int64_t due_us;
  int64_t seen_us;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* failures) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<uint64_t*>(failures);
}

// Asks for the topic before the first record is due, which librdkafka would let wait for a second.
bool knows(rd_kafka_t* client, const std::string& name) {
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client, name.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client, 0, topic, &metadata, flush_timeout_ms);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_metadata_destroy(metadata);
  rd_kafka_topic_destroy(topic);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

// Seeing to deliveries meanwhile; by less than a millisecond too long.
void wait_until(rd_kafka_t* client, SteadyClock::time_point due) {
  while (SteadyClock::now() < due) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(due - SteadyClock::now());
    rd_kafka_poll(client, static_cast<int>(left.count()) + 1);
  }
}

// False: not every record was acknowledged.
bool write(const Arguments& arguments) {
  uint64_t failures = 0;
  rd_kafka_conf_t* conf = make_conf({{"bootstrap.servers", arguments.brokers}, {"linger.ms", "0"}});
  rd_kafka_conf_set_opaque(conf, &failures);
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  const Client client = make_producer(conf);
  if (!knows(client.get(), arguments.to)) return false;
  const auto step = std::chrono::nanoseconds(1'000'000'000 / arguments.rate);
  const auto start = SteadyClock::now() + step;
  for (uint64_t number = 0; number < arguments.records; ++number) {
    const auto due = start + step * number;
    wait_until(client.get(), due);
    const auto due_us =
        std::chrono::duration_cast<std::chrono::microseconds>(due.time_since_epoch()).count();
    std::string text =
        "{\"number\": " + std::to_string(number) + ", \"due_us\": " + std::to_string(due_us) + "}";
    const auto code = rd_kafka_producev(client.get(), RD_KAFKA_V_TOPIC(arguments.to.c_str()),
                                        RD_KAFKA_V_PARTITION(static_cast<int32_t>(
                                            number % static_cast<uint64_t>(arguments.partitions))),
                                        RD_KAFKA_V_VALUE(text.data(), text.size()),
                                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
    rd_kafka_poll(client.get(), 0);
  }
  return rd_kafka_flush(client.get(), flush_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR &&
         failures == 0;
}

bool parse(const rd_kafka_message_t& message, Seen& seen) {
  const std::string text(static_cast<const char*>(message.payload), message.len);
  return std::sscanf(text.c_str(), "{\"number\":%" SCNu64 ",\"due_us\":%" SCNd64 "}", &seen.number,
                     &seen.due_us) == 2;
}

// Until all records have been seen, or none for too long. False: something else was there.
bool read(const Arguments& arguments, rd_kafka_t* client, const std::atomic<bool>& has_failed,
          std::vector<Seen>& all) {
  auto last = SteadyClock::now();
  while (all.size() < arguments.records && !has_failed) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client, wait_ms);
    const int64_t seen_us = now_us();
    if (message == nullptr) {
      if (SteadyClock::now() - last > std::chrono::seconds(arguments.patience_s)) return true;
      continue;
    }
    Seen seen{0, 0, seen_us};
    const bool is_right = message->err == RD_KAFKA_RESP_ERR_NO_ERROR && parse(*message, seen);
    rd_kafka_message_destroy(message);
    if (!is_right) return false;
    last = SteadyClock::now();
    all.push_back(seen);
  }
  return true;
}

// From where each partition ends now.
bool assign(rd_kafka_t* client, const Arguments& arguments) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(arguments.partitions);
  bool is_known = true;
  for (int32_t partition = 0; partition < arguments.partitions; ++partition) {
    int64_t low = 0;
    int64_t high = 0;
    is_known &=
        rd_kafka_query_watermark_offsets(client, arguments.from.c_str(), partition, &low, &high,
                                         flush_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_topic_partition_list_add(list, arguments.from.c_str(), partition)->offset = high;
  }
  const bool is_assigned = is_known && rd_kafka_assign(client, list) == RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_topic_partition_list_destroy(list);
  return is_assigned;
}

int run(const Arguments& arguments) {
  const Client client = make_consumer(make_conf({{"bootstrap.servers", arguments.brokers},
                                                 {"group.id", "sluice_pulse"},
                                                 {"enable.auto.commit", "false"},
                                                 {"isolation.level", "read_committed"}}));
  rd_kafka_poll_set_consumer(client.get());
  if (!assign(client.get(), arguments)) {
    std::fprintf(stderr, "topic %s cannot be read\n", arguments.from.c_str());
    return 1;
  }
  std::atomic<bool> has_failed{false};
  std::thread writer([&] { has_failed = !write(arguments); });
  std::vector<Seen> all;
  const bool is_right = read(arguments, client.get(), has_failed, all);
  writer.join();
  rd_kafka_consumer_close(client.get());
  if (!is_right || has_failed) {
    std::fprintf(stderr, "%s\n",
                 is_right ? "not every record was acknowledged" : "not a record of the pulse");
    return 1;
  }
  for (const Seen& seen : all) {
    std::printf("%" PRIu64 "\t%" PRId64 "\t%" PRId64 "\n", seen.number, seen.due_us, seen.seen_us);
  }
  return 0;
}

int run_main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Writes records at a steady rate and reads what becomes of them"};
  app.add_option("--brokers", arguments.brokers, "where")->required();
  app.add_option("--to", arguments.to, "topic to write")->required();
  app.add_option("--from", arguments.from, "topic to read")->required();
  app.add_option("--rate", arguments.rate, "records a second")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--records", arguments.records, "how many")->capture_default_str();
  app.add_option("--partitions", arguments.partitions, "of both topics")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--patience", arguments.patience_s, "seconds without a record after which it ends")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}

}  // namespace

}  // namespace sluice::ysb

int main(int argc, char** argv) { return sluice::ysb::run_main(argc, argv); }
