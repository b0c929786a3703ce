#include "ysb/memory_connector.hpp"

#include <algorithm>
#include <unordered_map>

#include "kit/split_source.hpp"

namespace sluice::ysb {

namespace {

struct MemorySplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  const Partition* partition;

  size_t left() const { return partition->size() - static_cast<size_t>(position.next_offset); }
};

// Hands out documents as the Kafka source does: each copied into the batch's arena.
class MemorySource final : public SplitSource<MemorySplit> {
 public:
  explicit MemorySource(const EventLog& log) : log_(log) {}

  Status open(const SourceContext&) override { return {}; }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    for (const SplitAssignment& assignment : splits) {
      splits_.push_back({assignment.split, assignment.position.value_or(SplitPosition{}),
                         &log_.partitions[static_cast<size_t>(assignment.split->partition)]});
    }
    return {};
  }

 private:
  Result<std::optional<SplitRead>> read_split(MemorySplit& split, size_t max_records,
                                              RawBatch& raw) override {
    if (split.left() == 0) return std::nullopt;
    const Partition& partition = *split.partition;
    const auto first = static_cast<size_t>(split.position.next_offset);
    const size_t count = std::min(max_records, split.left());
    begin_batch(split, raw);
    const uint64_t start = first == 0 ? 0 : partition.ends[first - 1];
    raw.arena->reserve(partition.ends[first + count - 1] - start);
    for (size_t i = first; i < first + count; ++i) {
      RawRecord record;
      record.value = raw.arena->copy(partition.document(i));
      record.value_is_null = false;
      record.offset = static_cast<int64_t>(i);
      record.timestamp_us = partition.times_ms[i] * 1000;
      raw.records.push_back(record);
    }
    split.position.next_offset = static_cast<int64_t>(first + count);
    split.position.last_timestamp_us = raw.records.back().timestamp_us;
    const bool is_finished = split.left() == 0;
    return SplitRead{is_finished, is_finished};
  }

  int64_t lag_of(const MemorySplit& split) const override {
    return static_cast<int64_t>(split.left());
  }

  const EventLog& log_;
};

class MemorySourceDescription final : public SourceDescription {
 public:
  explicit MemorySourceDescription(std::shared_ptr<const EventLog> log) : log_(std::move(log)) {}
  std::string identity() const override { return "ysb"; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return true; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    std::vector<std::shared_ptr<const Origin>> splits;
    for (size_t i = 0; i < log_->partitions.size(); ++i)
      splits.push_back(std::make_shared<Origin>(Origin{"ad_events", static_cast<int32_t>(i)}));
    return splits;
  }
  std::unique_ptr<Source> create() const override { return std::make_unique<MemorySource>(*log_); }

 private:
  std::shared_ptr<const EventLog> log_;
};

class AdLookup final : public Lookup {
 public:
  AdLookup(const Ads& ads, SchemaPtr schema) : schema_(std::move(schema)) {
    for (const auto& [ad, campaign] : ads) campaigns_.emplace(ad, campaign);
  }
  Status open(const Environment&) override { return {}; }
  Result<LookedUp> fetch(const RecordBatch& keys) override {
    ColumnBuilder ads(Type{TypeKind::text}, keys.rows());
    ColumnBuilder campaigns(Type{TypeKind::text}, keys.rows());
    size_t rows = 0;
    for (size_t row = 0; row < keys.rows(); ++row) {
      if (keys.column(0).is_null(row)) continue;
      const auto found = campaigns_.find(keys.column(0).values<std::string_view>()[row]);
      if (found == campaigns_.end()) continue;
      ads.append_copy(found->first);
      campaigns.append_copy(found->second);
      ++rows;
    }
    return LookedUp{RecordBatch(schema_, {ads.finish(), campaigns.finish()}, rows), {}};
  }

 private:
  SchemaPtr schema_;
  std::unordered_map<std::string_view, std::string_view> campaigns_;
};

class AdLookupDescription final : public LookupDescription {
 public:
  AdLookupDescription(std::shared_ptr<const EventLog> log, const LookupRequest& request)
      : log_(std::move(log)),
        keys_(std::make_shared<const Schema>(request.keys)),
        values_(request.columns) {}
  SchemaPtr key_schema() const override { return keys_; }
  SchemaPtr value_schema() const override { return values_; }
  std::unique_ptr<Lookup> create() const override {
    auto schema = std::make_shared<const Schema>(std::vector<Field>{(*keys_)[0], (*values_)[0]});
    return std::make_unique<AdLookup>(log_->ads, std::move(schema));
  }

 private:
  std::shared_ptr<const EventLog> log_;
  SchemaPtr keys_;
  SchemaPtr values_;
};

class MemoryConnector final : public Connector {
 public:
  explicit MemoryConnector(std::shared_ptr<const EventLog> log) : log_(std::move(log)) {}
  std::string name() const override { return "ysb"; }
  const OptionTable& connection_options() const override { return no_options_; }
  const OptionTable* source_options() const override { return &no_options_; }
  const OptionTable* lookup_options() const override { return &lookup_options_; }
  bool source_uses_format() const override { return true; }

  Result<std::unique_ptr<SourceDescription>> make_source(const Options&,
                                                         const Options&) const override {
    return std::make_unique<MemorySourceDescription>(log_);
  }
  Result<std::unique_ptr<LookupDescription>> make_lookup(
      const LookupRequest& request) const override {
    const Type text{TypeKind::text};
    if (request.keys.size() != 1 || request.columns->size() != 1 ||
        (*request.columns)[0].type != text) {
      return fail(ErrorCode::invalid_value,
                  "a lookup of ads has one key, the ad, and one column, the campaign, as text");
    }
    return std::make_unique<AdLookupDescription>(log_, request);
  }

 private:
  std::shared_ptr<const EventLog> log_;
  OptionTable no_options_ = {};
  OptionTable lookup_options_ = {
      {"key", OptionKind::text_list, true, "", "the column that holds the ad"}};
};

}  // namespace

std::unique_ptr<Connector> make_memory_connector(std::shared_ptr<const EventLog> log) {
  return std::make_unique<MemoryConnector>(std::move(log));
}

}  // namespace sluice::ysb
