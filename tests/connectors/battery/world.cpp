#include "connectors/battery/world.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test_rows.hpp"

namespace sluice::test {

int closed_port() {
  const int bound = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ::bind(bound, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(bound, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(bound);
  return ntohs(address.sin_port);
}

BatteryWorld::BatteryWorld(std::unique_ptr<ConnectorDriver> driver)
    : driver_(std::move(driver)),
      connector_(driver_->connector()),
      target_id_("battery." + unique_name("p") + ".target.0") {
  register_builtin_formats(formats_);
  failpoints_.declare(connector_->failpoints());
}

SchemaPtr BatteryWorld::schema() { return schema_of("id bigint, v text"); }

Result<std::unique_ptr<SinkDescription>> BatteryWorld::make_sink(
    const SchemaPtr& schema, const std::string& connection, const std::string& options,
    SinkMode mode, std::optional<std::vector<std::string>> key) {
  const Options connection_options = options_of(connector_->connection_options(), connection);
  const Options sink_options = options_of(*connector_->sink_options(), options);
  const OutputFormat& json = *formats_.find_output("json");
  SinkRequest request;
  request.name = "rows";
  request.schema = schema;
  request.key = key ? *key : std::vector<std::string>{(*schema)[0].name};
  request.mode = mode;
  request.connection = &connection_options;
  request.options = &sink_options;
  if (connector_->sink_uses_format())
    request.format = std::make_shared<OutputFormatUse>(json, options_of(json.options(), "{}"));
  return connector_->make_sink(request);
}

void BatteryWorld::open_place(const SchemaPtr& schema, SinkMode mode) {
  auto made = make_sink(schema, driver_->connection(), driver_->make_place(*schema), mode);
  ASSERT_TRUE(made.has_value()) << made.error().to_string();
  description_ = std::move(*made);
  definition_ = description_->definition();
  auto sink = description_->create();
  ASSERT_TRUE(sink.has_value()) << sink.error().to_string();
  sink_ = std::move(*sink);
  static const TimeZone utc;
  const Status opened = sink_->open({environment(), &utc});
  ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
}

Operations BatteryWorld::encode(const RecordBatch& rows) {
  Operations operations;
  OperationCollector collector(0, operations);
  std::vector<RowRejection> rejected;
  const Status encoded = sink_->encode(rows, collector, rejected);
  EXPECT_TRUE(encoded.has_value());
  for (const RowRejection& row : rejected) ADD_FAILURE() << row.error.to_string();
  return operations;
}

Operations BatteryWorld::encode(std::string_view rows) { return encode(read_rows(schema(), rows)); }

Operations BatteryWorld::numbered(int64_t first, int64_t count, const std::string& v) {
  std::string rows;
  for (int64_t id = first; id < first + count; ++id) rows += std::to_string(id) + "|" + v + "\n";
  return encode(rows);
}

std::unique_ptr<Publisher> BatteryWorld::publisher(const std::string& owner,
                                                   const std::string& uid) {
  return publisher_by(driver_->connection(), owner, uid);
}

std::unique_ptr<Publisher> BatteryWorld::publisher_by(const std::string& connection,
                                                      const std::string& owner,
                                                      const std::string& uid) {
  const Options options = options_of(connector_->connection_options(), connection);
  auto made = connector_->make_publisher({environment(), &options, {target_id_, uid, owner}});
  EXPECT_TRUE(made.has_value()) << made.error().to_string();
  return std::move(*made);
}

Result<Marker> BatteryWorld::start(Publisher& publisher) {
  SLUICE_ASSIGN(const auto found, publisher.look());
  return publisher.claim(found);
}

Result<PublishOutcome> BatteryWorld::publish(Publisher& publisher, const std::string& owner,
                                             uint64_t epoch, const Operations& operations) {
  return publish_after(publisher, marker(owner, epoch - 1), epoch, operations);
}

Result<PublishOutcome> BatteryWorld::publish_after(Publisher& publisher, const Marker& after,
                                                   uint64_t epoch, const Operations& operations) {
  MemoryOperations reader(operations);
  PublishRequest request;
  request.after = after;
  request.epoch = Epoch(epoch);
  request.checksum = checksum_of(epoch);
  request.sinks = {definition_};
  request.operations = &reader;
  request.rejects = &rejects_;
  return publisher.publish(request);
}

std::string marker_text(const Result<Marker>& marker) {
  if (!marker) return marker.error().to_string();
  return marker->uid + "/" + marker->owner + " epoch " + std::to_string(marker->epoch.value) +
         " checksum " + std::to_string(marker->checksum);
}

}  // namespace sluice::test
