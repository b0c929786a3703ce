#include "connectors/redis/redis_sink.hpp"

#include <algorithm>

#include "config/text_template.hpp"
#include "connectors/redis/redis_client.hpp"
#include "connectors/redis/redis_key.hpp"
#include "connectors/redis/redis_operation.hpp"
#include "data/column_text.hpp"

namespace sluice::redis {

namespace {

struct Settings {
  bool is_hash = true;
  std::string definition;
  RedisKey key;
  std::string place;
  std::vector<std::pair<std::string, size_t>> fields;  // name and column
  int64_t expire_us = 0;
  std::string use;  // whom its keys meet
};

std::string server_name(const Options& connection) {
  const std::string& url = connection.text("url");
  const auto address = parse_url(url);
  if (!address) return url;
  return address->host + ":" + std::to_string(address->port) + "/" +
         std::to_string(address->database);
}

// Whatever its columns are called, keys of one pattern meet.
std::string use_of(const TextTemplate& key, const Options& connection) {
  std::string pattern;
  for (const TextTemplate::Part& part : key.parts()) {
    pattern += part.literal;
    if (!part.column.empty()) pattern += "{}";
  }
  return "keys " + pattern + " of " + server_name(connection);
}

class RedisSink final : public Sink {
 public:
  explicit RedisSink(const Settings& settings) : settings_(settings) {}

  Status open(const SinkContext& context) override {
    context_ = context;
    return {};
  }

  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>& rejected) override {
    const int64_t now_us = context_.environment.clock->now_us();
    for (size_t row = 0; row < batch.rows(); ++row) {
      Operation operation;
      key_.clear();
      if (!settings_.key.append(batch, row, key_)) {
        rejected.push_back(
            {static_cast<uint32_t>(row),
             {ErrorCode::key_is_null, "a column of the Redis key is NULL", Retry::never, {}}});
        continue;
      }
      operation.key = key_;
      if (is_addition(batch.kind(row))) fill(batch, row, now_us, operation);
      bytes_.clear();
      append_operation(operation, bytes_);
      SLUICE_TRY(out.write(bytes_));
    }
    return {};
  }

 private:
  void fill(const RecordBatch& batch, size_t row, int64_t now_us, Operation& operation) {
    operation.kind = settings_.is_hash ? Operation::Kind::hash : Operation::Kind::string;
    if (settings_.expire_us > 0) operation.expires_at_ms = (now_us + settings_.expire_us) / 1000;
    texts_.resize(settings_.fields.size());
    for (size_t i = 0; i < settings_.fields.size(); ++i) {
      const auto& [name, column] = settings_.fields[i];
      texts_[i].clear();
      const bool is_null = batch.column(column).is_null(row);
      if (!is_null) format_value(batch.column(column), row, *context_.zone, texts_[i]);
      if (!settings_.is_hash) operation.value = texts_[i];
      if (settings_.is_hash) {
        operation.fields.emplace_back(
            name, is_null ? std::nullopt : std::optional<std::string_view>(texts_[i]));
      }
    }
  }

  const Settings& settings_;
  SinkContext context_;
  std::string key_;
  std::string bytes_;
  std::vector<std::string> texts_;
};

class RedisSinkDescription final : public SinkDescription {
 public:
  explicit RedisSinkDescription(Settings settings) : settings_(std::move(settings)) {}
  std::string definition() const override { return settings_.definition; }
  std::string place() const override { return settings_.place; }
  std::optional<SoleUse> sole_use() const override {
    return SoleUse{.what = settings_.use,
                   .option = "key",
                   .among = SoleUse::Among::pipelines,
                   .advice_for_meeting =
                       "let the texts before their first columns differ: "
                       "shop:city:{a} and shop:street:{a}:{b}"};
  }
  Result<std::unique_ptr<Sink>> create() const override {
    return std::make_unique<RedisSink>(settings_);
  }

 private:
  Settings settings_;
};

Result<size_t> column_of(const SinkRequest& request, const char* option, const std::string& name) {
  const std::optional<size_t> column = request.schema->find(name);
  if (column) return *column;
  return fail_option(option, ErrorCode::unknown_column,
                     "column \"" + name + "\" is not in the rows of sink " + request.name);
}

}  // namespace

const OptionTable& sink_options() {
  static const OptionTable table = {
      {"type",
       OptionKind::choice,
       false,
       "hash",
       "hash: the columns outside the key as fields; string: one column",
       {"hash", "string"}},
      {"key", OptionKind::text_template, true, "",
       "the key, with columns in braces: ads:traffic:{day}:{channel}"},
      {"value", OptionKind::name, false, "", "of type string: the column to write"},
      {"expire", OptionKind::duration, false, "",
       "keys expire this long after they were written last"},
  };
  return table;
}

Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) {
  Settings settings;
  settings.is_hash = request.options->text("type") == "hash";
  settings.definition = "redis 1 " + request.options->text("type");
  settings.place = "keys " + request.options->text("key");
  if (request.options->has("expire")) settings.expire_us = request.options->duration_us("expire");
  SLUICE_ASSIGN(const TextTemplate key, TextTemplate::parse(request.options->text("key")));
  for (const std::string& name : key.columns()) SLUICE_TRY(column_of(request, "key", name));
  settings.key = RedisKey(key, *request.schema);
  settings.use = use_of(key, *request.connection);
  if (!settings.is_hash) {
    if (!request.options->has("value")) {
      return fail_option("type", ErrorCode::missing_field,
                         "a Redis sink of type string names the column to write as `value`");
    }
    const std::string& name = request.options->text("value");
    SLUICE_ASSIGN(const size_t column, column_of(request, "value", name));
    settings.fields.emplace_back(name, column);
    return std::make_unique<RedisSinkDescription>(std::move(settings));
  }
  const std::vector<std::string> in_key = key.columns();
  for (size_t i = 0; i < request.schema->size(); ++i) {
    const std::string& name = (*request.schema)[i].name;
    if (std::find(in_key.begin(), in_key.end(), name) == in_key.end())
      settings.fields.emplace_back(name, i);
  }
  if (settings.fields.empty()) {
    return fail_option(
        "key", ErrorCode::invalid_value,
        "the key of Redis sink " + request.name + " names every column: nothing is left to write",
        "leave a column out of the key, or write `type: string` with a `value`");
  }
  return std::make_unique<RedisSinkDescription>(std::move(settings));
}

}  // namespace sluice::redis
