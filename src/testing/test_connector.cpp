#include "testing/test_connector.hpp"

#include "config/document.hpp"

namespace sluice {

namespace {

class TestConnector final : public Connector {
 public:
  explicit TestConnector(TestWorld& world) : world_(world) {}

  std::string name() const override { return "test"; }
  const OptionTable& connection_options() const override { return no_options_; }
  const OptionTable* source_options() const override { return &no_options_; }
  const OptionTable* sink_options() const override { return &no_options_; }
  const OptionTable* lookup_options() const override { return &no_options_; }
  bool source_uses_format() const override { return true; }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override {
    return {SinkMode::append, SinkMode::upsert, SinkMode::changelog};
  }

  Result<std::unique_ptr<SourceDescription>> make_source(const Options&,
                                                         const Options& options) const override {
    return make_test_source(world_, options.text("name"));
  }
  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return make_test_sink(request);
  }
  Result<std::unique_ptr<LookupDescription>> make_lookup(
      const LookupRequest& request) const override {
    return make_test_lookup(world_, request);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return make_test_publisher(world_, request.ids);
  }

 private:
  TestWorld& world_;
  OptionTable no_options_{std::vector<OptionSpec>{}};
};

}  // namespace

std::unique_ptr<Connector> make_test_connector(TestWorld& world) {
  return std::make_unique<TestConnector>(world);
}

Options test_source_options(const std::string& source) {
  const OptionTable table = {{"name", OptionKind::text, false, source, "source of the test"}};
  Diagnostics diagnostics;
  const SourceText empty("test", "{}");
  return table.read(parse_yaml(empty, diagnostics), "test", diagnostics);
}

}  // namespace sluice
