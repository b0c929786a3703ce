#include <numeric>

#include "testing/collected_rows.hpp"
#include "testing/test_connector.hpp"

namespace sluice {

namespace {

class TestSink final : public Sink {
 public:
  explicit TestSink(const Schema& schema) : codec_(codec_of_rows(schema)), columns_(schema.size()) {
    std::iota(columns_.begin(), columns_.end(), size_t{0});
  }
  Status open(const SinkContext&) override { return {}; }
  Status encode(const RecordBatch& batch, OperationWriter& out,
                std::vector<RowRejection>&) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      operation_.assign(1, static_cast<char>(batch.kind(row)));
      codec_.encode(batch, columns_, row, operation_);
      SLUICE_TRY(out.write(operation_));
    }
    return {};
  }

 private:
  RowCodec codec_;
  std::vector<size_t> columns_;
  std::string operation_;
};

class TestSinkDescription final : public SinkDescription {
 public:
  explicit TestSinkDescription(const SinkRequest& request)
      : name_(request.name), schema_(request.schema) {}
  std::string definition() const override { return name_; }
  std::string place() const override { return name_; }
  Result<std::unique_ptr<Sink>> create() const override {
    return std::make_unique<TestSink>(*schema_);
  }

 private:
  std::string name_;
  SchemaPtr schema_;
};

class TestPublisher final : public Publisher {
 public:
  TestPublisher(TestWorld& world, PublisherIds ids) : world_(world), ids_(std::move(ids)) {}

  Result<std::string> identity() override { return std::string("test"); }
  std::string marker_place() const override { return "memory"; }
  Result<std::optional<Marker>> look() override { return world_.marker; }
  Result<Marker> claim(const std::optional<Marker>&) override {
    if (!world_.marker) world_.marker = Marker{ids_.uid, {}, Epoch(0), 0, 0, 0};
    world_.marker->owner = ids_.owner;
    return *world_.marker;
  }
  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_TRY(request.operations->rewind());
    while (true) {
      SLUICE_ASSIGN(const auto operation, request.operations->next());
      if (!operation) break;
      world_.published[request.sinks[operation->sink]].emplace_back(operation->bytes);
    }
    world_.marker->epoch = request.epoch;
    world_.marker->checksum = request.checksum;
    return PublishOutcome::published;
  }
  Result<Marker> resolve() override { return *world_.marker; }
  Status write_through(uint32_t, std::string_view definition, std::string_view operation) override {
    world_.published[std::string(definition)].emplace_back(operation);
    return {};
  }
  Status send() override { return {}; }
  Status flush() override { return {}; }

 private:
  TestWorld& world_;
  PublisherIds ids_;
};

}  // namespace

std::unique_ptr<SinkDescription> make_test_sink(const SinkRequest& request) {
  return std::make_unique<TestSinkDescription>(request);
}

std::unique_ptr<Publisher> make_test_publisher(TestWorld& world, PublisherIds ids) {
  return std::make_unique<TestPublisher>(world, std::move(ids));
}

}  // namespace sluice
