#include <algorithm>

#include "kit/split_source.hpp"
#include "support/memory_world.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {

// Of every record: later than the events of tests, which would be ahead of their records else.
constexpr int64_t record_time_us = 1'704'153'600'000'000;  // 2024-01-02

constexpr size_t most_random_records = 8;

struct MemorySplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  bool is_at_end = false;  // both as last reported
  bool is_finished = false;
};

class MemorySource final : public SplitSource<MemorySplit> {
 public:
  MemorySource(MemoryWorld& world, std::string stream, bool starts_latest)
      : world_(world), stream_(std::move(stream)), starts_latest_(starts_latest) {}

  Status open(const SourceContext&) override { return {}; }

  Status assign(const std::vector<SplitAssignment>& splits) override {
    const std::lock_guard lock(world_.mutex_);
    world_.assigned_.push_back(splits.size());
    for (const SplitAssignment& split : splits) {
      MemorySplit& added = splits_.emplace_back(MemorySplit{split.split, {}});
      if (starts_latest_)
        added.position.next_offset = static_cast<int64_t>(records_of(added).size());
      if (split.position) added.position = *split.position;
    }
    return {};
  }

 private:
  Status before_reading() override {
    const std::lock_guard lock(world_.mutex_);
    world_.throw_if_planned(MemoryWorld::Call::poll);
    if (!world_.poll_error_) return {};
    ++world_.polls_failed_;
    return fail(*world_.poll_error_);
  }

  size_t next_turn() override {
    const std::lock_guard lock(world_.mutex_);
    if (world_.random_) return (*world_.random_)() % splits_.size();
    return SplitSource::next_turn();
  }

  Result<std::optional<SplitRead>> read_split(MemorySplit& split, size_t max_records,
                                              RawBatch& raw) override {
    const std::lock_guard lock(world_.mutex_);
    const auto& records = records_of(split);
    const auto first = static_cast<size_t>(split.position.next_offset);
    const bool is_known = split.is_at_end && split.is_finished == world_.is_finished_;
    if (first >= records.size() && is_known) return std::nullopt;
    size_t most = std::min(max_records, records.size() - first);
    if (world_.random_ && most > 0)
      most = 1 + (*world_.random_)() % std::min(most, most_random_records);
    begin_batch(split, raw);
    for (size_t i = first; i < first + most; ++i) {
      RawRecord record;
      record.value = raw.arena->copy(records[i]);
      record.value_is_null = false;
      record.offset = static_cast<int64_t>(i);
      record.timestamp_us = record_time_us;
      raw.records.push_back(record);
    }
    split.position.next_offset = static_cast<int64_t>(first + most);
    split.is_at_end = first + most == records.size();
    split.is_finished = split.is_at_end && world_.is_finished_;
    size_t& read = world_.read_[{stream_, static_cast<size_t>(split.origin->partition)}];
    read = std::max(read, first + most);
    return SplitRead{split.is_at_end, split.is_finished};
  }

  int64_t lag_of(const MemorySplit& split) const override {
    const std::lock_guard lock(world_.mutex_);
    return static_cast<int64_t>(records_of(split).size()) - split.position.next_offset;
  }

  const MemoryWorld::Partition& records_of(const MemorySplit& split) const {
    return world_.streams_[stream_][static_cast<size_t>(split.origin->partition)];
  }

  MemoryWorld& world_;
  std::string stream_;
  const bool starts_latest_;
};

class MemorySourceDescription final : public SourceDescription {
 public:
  MemorySourceDescription(MemoryWorld& world, std::string stream, bool starts_latest)
      : world_(world), stream_(std::move(stream)), starts_latest_(starts_latest) {}
  std::string identity() const override { return "memory:" + stream_; }
  std::string manner() const override { return start(); }
  std::string start() const override { return starts_latest_ ? "latest" : "earliest"; }
  bool is_bounded() const override { return false; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    const std::lock_guard lock(world_.mutex_);
    world_.throw_if_planned(MemoryWorld::Call::discover);
    std::vector<std::shared_ptr<const Origin>> splits;
    for (size_t i = 0; i < world_.streams_[stream_].size(); ++i)
      splits.push_back(std::make_shared<Origin>(Origin{stream_, static_cast<int32_t>(i)}));
    return splits;
  }
  bool start_may_move(const std::optional<SplitPosition>& saved) const override {
    return starts_latest_ && !saved;
  }
  std::unique_ptr<Source> create() const override {
    return std::make_unique<MemorySource>(world_, stream_, starts_latest_);
  }

 private:
  MemoryWorld& world_;
  std::string stream_;
  const bool starts_latest_;
};

class MemoryLookup final : public Lookup {
 public:
  explicit MemoryLookup(MemoryWorld& world) : world_(world) {}
  Status open(const Environment&) override { return {}; }
  Result<LookedUp> fetch(const RecordBatch& keys) override {
    std::unique_lock lock(world_.mutex_);
    world_.throw_if_planned(MemoryWorld::Call::lookup);
    ++world_.lookups_waiting_;
    world_.condition_.notify_all();
    world_.condition_.wait(lock, [this] { return !world_.lookups_held_; });
    --world_.lookups_waiting_;
    std::string found;
    for (size_t row = 0; row < keys.rows(); ++row) {
      const std::string key(keys.column(0).values<std::string_view>()[row]);
      const auto known = world_.lookup_.find(key);
      if (known != world_.lookup_.end()) found += key + " | " + known->second + "\n";
    }
    return LookedUp{read_rows(schema_of("k text, v text"), found), {}};
  }

 private:
  MemoryWorld& world_;
};

namespace {

class MemoryLookupDescription final : public LookupDescription {
 public:
  explicit MemoryLookupDescription(MemoryWorld& world) : world_(world) {}
  SchemaPtr key_schema() const override { return schema_of("k text"); }
  SchemaPtr value_schema() const override { return schema_of("v text"); }
  std::unique_ptr<Lookup> create() const override { return std::make_unique<MemoryLookup>(world_); }

 private:
  MemoryWorld& world_;
};

class MemorySink final : public Sink {
 public:
  Status open(const SinkContext&) override { return {}; }
  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>&) override {
    for (const std::string& text : row_texts(batch)) SLUICE_TRY(out.write(text));
    return {};
  }
};

class MemorySinkDescription final : public SinkDescription {
 public:
  explicit MemorySinkDescription(std::string table) : table_(std::move(table)) {}
  std::string definition() const override { return table_; }
  std::string place() const override { return "table " + table_; }
  Result<std::unique_ptr<Sink>> create() const override { return std::make_unique<MemorySink>(); }

 private:
  std::string table_;
};

class MemoryConnector final : public Connector {
 public:
  explicit MemoryConnector(MemoryWorld& world) : world_(world) {}
  std::string name() const override { return "memory"; }
  const OptionTable& connection_options() const override { return no_options_; }
  const OptionTable* source_options() const override { return &source_options_; }
  const OptionTable* sink_options() const override { return &table_options_; }
  const OptionTable* lookup_options() const override { return &table_options_; }
  bool source_uses_format() const override { return true; }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override {
    return {SinkMode::append, SinkMode::upsert, SinkMode::changelog};
  }
  Result<std::unique_ptr<SourceDescription>> make_source(const Options&,
                                                         const Options& options) const override {
    return std::make_unique<MemorySourceDescription>(world_, options.text("stream"),
                                                     options.text("start") == "latest");
  }
  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return std::make_unique<MemorySinkDescription>(request.options->text("table"));
  }
  Result<std::unique_ptr<LookupDescription>> make_lookup(const LookupRequest&) const override {
    return std::make_unique<MemoryLookupDescription>(world_);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return world_.target().connect(request.ids);
  }

 private:
  MemoryWorld& world_;
  OptionTable no_options_{std::vector<OptionSpec>{}};
  OptionTable source_options_{
      {"stream", OptionKind::text, true, "", "stream to read"},
      {"start", OptionKind::text, false, "earliest", "or latest: behind what there is"}};
  OptionTable table_options_{{"table", OptionKind::text, true, "", "table"},
                             {"key", OptionKind::text_list, false, "", "key columns"}};
};

}  // namespace

std::unique_ptr<Connector> make_memory_connector(MemoryWorld& world) {
  return std::make_unique<MemoryConnector>(world);
}

}  // namespace sluice::test
