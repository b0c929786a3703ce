#include <gtest/gtest.h>

#include "connectors/file/file_fixture.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class Lines final : public OperationWriter {
 public:
  Status write(std::string_view operation) override {
    lines.emplace_back(operation);
    return {};
  }
  std::vector<std::string> lines;
};

struct SinkCase {
  SinkMode mode;
  std::string schema = "id text, n int";
};

Result<std::unique_ptr<SinkDescription>> make(const FileWorld& world, const SinkCase& sink,
                                              const FormatRegistry& formats) {
  const Options connection = options_of(world.connector->connection_options(), "{path: /data}");
  const Options options = options_of(*world.connector->sink_options(), "{path: out.jsonl}");
  const OutputFormat& json = *formats.find_output("json");
  SinkRequest request;
  request.name = "result";
  request.schema = schema_of(sink.schema);
  request.key = {"id"};
  request.mode = sink.mode;
  request.connection = &connection;
  request.options = &options;
  request.format = std::make_shared<OutputFormatUse>(json, options_of(json.options(), "{}"));
  return world.connector->make_sink(request);
}

std::vector<std::string> encode(const SinkCase& sink, const std::string& rows) {
  FileWorld world;
  FormatRegistry formats;
  register_builtin_formats(formats);
  const auto description = make(world, sink, formats);
  EXPECT_TRUE(description.has_value());
  const auto writer = (*description)->create();
  EXPECT_TRUE(writer.has_value());
  const TimeZone zone;
  EXPECT_TRUE((*writer)->open({world.environment(), &zone}).has_value());
  Lines out;
  std::vector<RowRejection> rejected;
  const Status encoded = (*writer)->encode(read_rows(schema_of(sink.schema), rows), out, rejected);
  EXPECT_TRUE(encoded.has_value());
  EXPECT_TRUE(rejected.empty());
  return out.lines;
}

TEST(FileSink_, AppendWritesTheRowAlone) {
  EXPECT_EQ(encode({SinkMode::append}, "a | 1\nb | NULL"),
            (std::vector<std::string>{R"({"id":"a","n":1})", R"({"id":"b","n":null})"}));
}

TEST(FileSink_, UpsertWritesTheOperationFirst) {
  EXPECT_EQ(
      encode({SinkMode::upsert}, "-D a | 1\n-U b | 2\n+I b | 3\n+U c | 4"),
      (std::vector<std::string>{R"({"op":"-D","id":"a","n":1})", R"({"op":"-D","id":"b","n":2})",
                                R"({"op":"+I","id":"b","n":3})", R"({"op":"+U","id":"c","n":4})"}));
}

// Whoever folds the lines finds a key by its text; other values keep theirs.
TEST(FileSink_, UpsertWritesAKeyInOneSpelling) {
  EXPECT_EQ(
      encode({SinkMode::upsert, "id interval, n numeric"}, "+I 1 day | 1.0\n-D 24:00:00 | 1.00"),
      (std::vector<std::string>{R"({"op":"+I","id":"1 day","n":1.0})",
                                R"({"op":"-D","id":"1 day","n":1.00})"}));
  EXPECT_EQ(encode({SinkMode::append, "id interval, n numeric"}, "24:00:00 | 1.0"),
            (std::vector<std::string>{R"({"id":"24:00:00","n":1.0})"}));
}

TEST(FileSink_, ChangelogKeepsWhatWasTakenBack) {
  EXPECT_EQ(
      encode({SinkMode::changelog}, "-U b | 2\n+U b | 3"),
      (std::vector<std::string>{R"({"op":"-U","id":"b","n":2})", R"({"op":"+U","id":"b","n":3})"}));
}

TEST(FileSink_, AColumnCalledOpIsRefusedWhereItWouldStandTwice) {
  const FileWorld world;
  FormatRegistry formats;
  register_builtin_formats(formats);
  const auto refused = make(world, {SinkMode::upsert, "id text, op text"}, formats);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::duplicate_column);
  EXPECT_TRUE(make(world, {SinkMode::append, "id text, op text"}, formats).has_value());
}

}  // namespace
}  // namespace sluice::test
