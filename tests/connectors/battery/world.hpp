// BatteryWorld: a connector with one place to write to and one target id, driven as the engine
// does: sinks make operations, publishers are started, publish and resolve. One test, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/battery/driver.hpp"
#include "env/clock.hpp"
#include "support/connector_options.hpp"

namespace sluice::test {

// A rejects file in memory: checksum is 1000 + how many rejects it holds.
class MemoryRejects final : public RejectLog {
 public:
  Result<uint64_t> replace(const std::vector<Reject>& rejects) override {
    kept = rejects;
    return 1000 + rejects.size();
  }
  std::vector<Reject> kept;
};

class BatteryWorld {
 public:
  explicit BatteryWorld(std::unique_ptr<ConnectorDriver> driver);

  ConnectorDriver& driver() { return *driver_; }
  const Connector& connector() const { return *connector_; }
  Failpoints& failpoints() { return failpoints_; }
  MemoryRejects& rejects() { return rejects_; }
  Environment environment() { return {&clock_, filesystem_.get(), &failpoints_, log_.get()}; }

  // The battery's rows: (id bigint, v text), keyed by id.
  static SchemaPtr schema();
  // A sink over a new place.
  void open_place(const SchemaPtr& schema, SinkMode mode = SinkMode::append);
  // Keyed by the first column, if nothing else is said.
  Result<std::unique_ptr<SinkDescription>> make_sink(
      const SchemaPtr& schema, const std::string& connection, const std::string& options,
      SinkMode mode = SinkMode::append, std::optional<std::vector<std::string>> key = {});
  // What the open place's sink makes of the rows; rejections are failures of the test.
  Operations encode(const RecordBatch& rows);
  Operations encode(std::string_view rows);  // of schema(), as test_rows.hpp reads them
  // Rows (first, v), (first + 1, v), …
  Operations numbered(int64_t first, int64_t count, const std::string& v = "x");
  const std::string& target_id() const { return target_id_; }
  const std::string& definition() const { return definition_; }

  std::unique_ptr<Publisher> publisher(const std::string& owner, const std::string& uid = "u1");
  std::unique_ptr<Publisher> publisher_by(const std::string& connection, const std::string& owner,
                                          const std::string& uid = "u1");
  // look and claim.
  Result<Marker> start(Publisher& publisher);
  // Epoch `epoch` after the one before it; checksum_of() numbers.
  Result<PublishOutcome> publish(Publisher& publisher, const std::string& owner, uint64_t epoch,
                                 const Operations& operations);
  Result<PublishOutcome> publish_after(Publisher& publisher, const Marker& after, uint64_t epoch,
                                       const Operations& operations);
  static uint64_t checksum_of(uint64_t epoch) { return epoch == 0 ? 0 : 100 + epoch; }
  static Marker marker(const std::string& owner, uint64_t epoch) {
    return {"u1", owner, Epoch(epoch), checksum_of(epoch)};
  }

 private:
  std::unique_ptr<ConnectorDriver> driver_;
  std::unique_ptr<Connector> connector_;
  FormatRegistry formats_;
  SystemClock clock_;
  std::unique_ptr<Filesystem> filesystem_ = make_posix_filesystem();
  std::unique_ptr<Log> log_ = make_null_log();
  Failpoints failpoints_;
  MemoryRejects rejects_;
  std::string target_id_;
  std::unique_ptr<SinkDescription> description_;
  std::unique_ptr<Sink> sink_;
  std::string definition_;
};

// "u1/o1 epoch 2 checksum 102": compared and printed in one.
std::string marker_text(const Result<Marker>& marker);

}  // namespace sluice::test
