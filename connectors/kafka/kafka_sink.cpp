#include "connectors/kafka/kafka_sink.hpp"

#include "connectors/kafka/kafka_operation.hpp"
#include "data/key_text.hpp"
#include "kit/sink_key.hpp"

namespace sluice::kafka {

namespace {

// Room that a record needs beside key and value within the broker's limit.
constexpr size_t record_overhead_bytes = 512;

struct Settings {
  std::string topic;
  std::string brokers;
  SchemaPtr schema;
  std::vector<size_t> key;
  bool is_upsert = false;
  size_t max_record_bytes = 0;
  std::shared_ptr<const OutputFormatUse> format;
};

class KafkaSink final : public Sink {
 public:
  KafkaSink(const Settings& settings, std::unique_ptr<Encoder> encoder)
      : settings_(settings), encoder_(std::move(encoder)) {}

  Status open(const SinkContext&) override { return {}; }

  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>& rejected) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      value_.clear();
      key_.clear();
      const bool is_tombstone = settings_.is_upsert && !is_addition(batch.kind(row));
      if (!is_tombstone) {
        if (Status encoded = encoder_->encode(batch, row, value_); !encoded) {
          rejected.push_back({static_cast<uint32_t>(row), std::move(encoded).error()});
          continue;
        }
      }
      append_key(batch, row);
      const size_t bytes = key_.size() + value_.size();
      if (bytes > settings_.max_record_bytes) {
        rejected.push_back({static_cast<uint32_t>(row), too_large(bytes)});
        continue;
      }
      Operation operation;
      if (settings_.is_upsert || !settings_.key.empty()) operation.key = key_;
      if (!is_tombstone) operation.value = value_;
      operation_.clear();
      append_operation(operation, operation_);
      SLUICE_TRY(out.write(operation_));
    }
    return {};
  }

 private:
  // One column: its text. Several: their texts joined by '|', with each '|' and '\' inside escaped.
  // None, of the one row of an upsert: empty, which compacted topics take where they refuse NULL.
  void append_key(const RecordBatch& batch, size_t row) {
    if (settings_.key.size() == 1)
      return append_key_text(batch.column(settings_.key.front()), row, key_);
    for (size_t i = 0; i < settings_.key.size(); ++i) {
      if (i > 0) key_.push_back('|');
      part_.clear();
      append_key_text(batch.column(settings_.key[i]), row, part_);
      append_escaped(part_, "|", key_);
    }
  }

  Error too_large(size_t bytes) const {
    return {ErrorCode::sink_rejected,
            "the record of " + std::to_string(bytes) + " bytes is larger than topic " +
                settings_.topic + " takes (" + std::to_string(settings_.max_record_bytes) + ")",
            Retry::never,
            {}};
  }

  const Settings& settings_;
  std::unique_ptr<Encoder> encoder_;
  std::string key_;
  std::string part_;
  std::string value_;
  std::string operation_;
};

class KafkaSinkDescription final : public SinkDescription {
 public:
  explicit KafkaSinkDescription(Settings settings) : settings_(std::move(settings)) {}
  std::string definition() const override { return make_definition(settings_.topic); }
  std::string place() const override { return "topic " + settings_.topic; }
  std::optional<SoleUse> sole_use() const override {
    if (!settings_.is_upsert) return std::nullopt;
    return SoleUse{"topic " + settings_.topic + " of " + settings_.brokers, "topic",
                   SoleUse::Among::pipelines};
  }
  size_t max_row_bytes() const override { return settings_.max_record_bytes; }
  Result<std::unique_ptr<Sink>> create() const override {
    SLUICE_ASSIGN(auto encoder, settings_.format->make_encoder(settings_.schema));
    return std::make_unique<KafkaSink>(settings_, std::move(encoder));
  }

 private:
  Settings settings_;
};

}  // namespace

const OptionTable& sink_options() {
  static const OptionTable table = {
      {"topic", OptionKind::text, true, "", "topic to write"},
      {"key", OptionKind::text_list, false, "",
       "columns of the record key; records of one key keep their order"},
      {"max_record_bytes", OptionKind::bytes, false, "1000000B",
       "larger records go to the dead letters; not above the topic's max.message.bytes"},
  };
  return table;
}

Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) {
  Settings settings;
  settings.topic = request.options->text("topic");
  settings.brokers = request.connection->text("brokers");
  settings.schema = request.schema;
  settings.is_upsert = request.mode == SinkMode::upsert;
  settings.format = request.format;
  const auto limit = static_cast<size_t>(request.options->bytes("max_record_bytes"));
  settings.max_record_bytes = limit > record_overhead_bytes ? limit - record_overhead_bytes : 0;
  SLUICE_ASSIGN(settings.key, key_columns_of(request));
  return std::make_unique<KafkaSinkDescription>(std::move(settings));
}

}  // namespace sluice::kafka
