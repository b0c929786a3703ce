#include "connectors/kafka/kafka_reader.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "connectors/kafka/kafka_connector.hpp"
#include "support/connector_options.hpp"

namespace sluice::test {

namespace {

constexpr std::chrono::seconds patience{30};

std::optional<std::string> text_of(bool is_null, std::string_view bytes) {
  if (is_null) return std::nullopt;
  return std::string(bytes);
}

void add_records(const RawBatch& raw, std::vector<ReadRecord>& records) {
  for (const RawRecord& record : raw.records) {
    ReadRecord read{raw.origin->partition,
                    record.offset,
                    text_of(record.key_is_null, record.key),
                    text_of(record.value_is_null, record.value),
                    record.timestamp_us,
                    {}};
    for (uint32_t i = 0; i < record.header_count; ++i) {
      const RawHeader& header = raw.headers[record.first_header + i];
      const bool is_null = header.value.data() == nullptr;
      read.headers.emplace_back(header.name,
                                is_null ? std::nullopt : std::optional<std::string>(header.value));
    }
    records.push_back(std::move(read));
  }
}

}  // namespace

KafkaReader::KafkaReader(const std::string& brokers, const std::string& topic,
                         const std::string& options)
    : topic_(topic), connector_(make_kafka_connector()) {
  const Options connection =
      options_of(connector_->connection_options(), "{brokers: \"" + brokers + "\"}");
  const Options source =
      options_of(*connector_->source_options(),
                 "{topic: " + topic + (options.empty() ? "" : ", ") + options + "}");
  description_ = connector_->make_source(connection, source).value();
  source_ = description_->create();
  const Status opened = source_->open({environment_, this, "test"});
  EXPECT_TRUE(opened.has_value()) << opened.error().to_string();
}

KafkaReader::~KafkaReader() {
  static_cast<void>(source_->close());
  if (check_) check_->close();
}

void KafkaReader::report(const SplitPosition& position) {
  split_check().report(split_at(position, 0));
}

void KafkaReader::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  woken_.notify_all();
}

Result<std::vector<std::shared_ptr<const Origin>>> KafkaReader::discover() const {
  return description_->discover(environment_);
}

Status KafkaReader::assign(const std::optional<SplitPosition>& position) {
  return assign({{std::make_shared<Origin>(Origin{topic_, 0}), position}});
}

Status KafkaReader::assign(const std::vector<SplitAssignment>& splits) {
  splits_ += splits.size();
  return source_->assign(splits);
}

Result<std::vector<ReadRecord>> KafkaReader::read_to_end(const std::vector<bool>& held) {
  std::vector<bool> is_held = held;
  is_held.resize(splits_, false);
  std::vector<bool> at_end = is_held;
  std::vector<ReadRecord> records;
  RawBatch raw;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::find(at_end.begin(), at_end.end(), false) != at_end.end()) {
    {
      const std::lock_guard lock(mutex_);
      is_woken_ = false;
    }
    SLUICE_ASSIGN(const PollResult polled, source_->poll(1000, is_held, raw));
    if (polled.split) {
      EXPECT_FALSE(is_held[*polled.split]) << "a held split was read";
      add_records(raw, records);
      if (polled.end_of_split) at_end[*polled.split] = true;
      continue;
    }
    std::unique_lock lock(mutex_);
    // Errors of the client as a whole come without a wake.
    woken_.wait_for(lock, std::chrono::milliseconds(100), [this] { return is_woken_; });
    if (std::chrono::steady_clock::now() > deadline)
      return fail(ErrorCode::source_failed, "the end did not come in time");
  }
  return records;
}

std::string KafkaReader::values_to_end() {
  const auto records = read_to_end();
  if (!records) return records.error().to_string();
  std::string text;
  for (const ReadRecord& record : *records)
    text += (text.empty() ? "" : ", ") + record.value.value_or("null");
  return text;
}

SplitCheck& KafkaReader::split_check() {
  if (!check_) check_ = description_->make_check("test");
  return *check_;
}

std::string KafkaReader::check(const SplitPosition& position, int32_t partition) {
  const std::vector<SplitAssignment> read = split_at(position, partition);
  split_check().ask(read);
  const std::vector<SplitCheck::Answer> answers = split_check().answers(read);
  if (answers.empty()) return "no answer";
  const Status& is_same = answers.at(0).is_same;
  return is_same ? "confirmed" : is_same.error().to_string();
}

}  // namespace sluice::test
