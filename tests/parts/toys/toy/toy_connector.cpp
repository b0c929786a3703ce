// Connector `toy`: a bounded source of the numbers 1 to `count`, as documents {"n": 1}.
#include "dataflow/connector.hpp"
#include "kit/split_source.hpp"

namespace sluice {

namespace {

struct NumberSplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;  // the number that was read last
};

class NumberSource final : public SplitSource<NumberSplit> {
 public:
  explicit NumberSource(int64_t count) : count_(count) {}

  Status open(const SourceContext&) override { return {}; }
  Status assign(const std::vector<SplitAssignment>& splits) override {
    for (const SplitAssignment& split : splits)
      splits_.push_back({split.split, split.position.value_or(SplitPosition{})});
    return {};
  }

 private:
  Result<std::optional<SplitRead>> read_split(NumberSplit& split, size_t max_records,
                                              RawBatch& raw) override {
    int64_t& last = split.position.next_offset;
    if (last == count_) return std::nullopt;
    begin_batch(split, raw);
    while (last < count_ && raw.records.size() < max_records) {
      RawRecord record;
      record.offset = last++;
      record.value = raw.arena->copy("{\"n\": " + std::to_string(last) + "}");
      record.value_is_null = false;
      raw.records.push_back(record);
    }
    return SplitRead{last == count_, last == count_};
  }
  int64_t lag_of(const NumberSplit& split) const override {
    return count_ - split.position.next_offset;
  }

  const int64_t count_;
};

class NumberDescription final : public SourceDescription {
 public:
  explicit NumberDescription(int64_t count) : count_(count) {}
  std::string identity() const override { return "numbers:" + std::to_string(count_); }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return true; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    return std::vector<std::shared_ptr<const Origin>>{
        std::make_shared<Origin>(Origin{"numbers", 0})};
  }
  std::unique_ptr<Source> create() const override { return std::make_unique<NumberSource>(count_); }

 private:
  const int64_t count_;
};

class ToyConnector final : public Connector {
 public:
  std::string name() const override { return "toy"; }
  const OptionTable& connection_options() const override { return no_options_; }
  const OptionTable* source_options() const override { return &source_options_; }
  bool source_uses_format() const override { return true; }
  Result<std::unique_ptr<SourceDescription>> make_source(const Options&,
                                                         const Options& options) const override {
    return std::make_unique<NumberDescription>(options.integer("count"));
  }

 private:
  const OptionTable no_options_{std::vector<OptionSpec>{}};
  const OptionTable source_options_{
      {"count", OptionKind::integer, true, "", "how many numbers there are"}};
};

}  // namespace

std::unique_ptr<Connector> make_toy_connector() { return std::make_unique<ToyConnector>(); }

}  // namespace sluice
