#include "connectors/file/file_fixture.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

FileWorld::FileWorld() {
  failpoints.declare(connector->failpoints());
  static_cast<void>(files.create_directories("/data"));
}

void FileWorld::write(const std::string& path, const std::string& bytes) {
  static_cast<void>(files.create_directories(path.substr(0, path.rfind('/'))));
  ASSERT_TRUE(files.replace_atomically(path, bytes).has_value());
}

Result<std::unique_ptr<SourceDescription>> FileWorld::source(const std::string& path) const {
  return connector->make_source(options_of(connector->connection_options(), "{path: /data/}"),
                                options_of(*connector->source_options(), "{path: " + path + "}"));
}

Result<ReadResult> read_to_end(FileWorld& world, const std::string& path, size_t batch,
                               std::optional<SplitPosition> from) {
  SLUICE_ASSIGN(const auto description, world.source(path));
  SLUICE_ASSIGN(const auto origins, description->discover(world.environment()));
  const auto source = description->create();
  SLUICE_TRY(source->open({world.environment(), nullptr, "test"}));
  std::vector<SplitAssignment> splits;
  for (const auto& origin : origins) splits.push_back({origin, from});
  SLUICE_TRY(source->assign(splits));
  ReadResult result;
  RawBatch raw;
  std::vector<bool> held(splits.size(), false);
  for (size_t left = splits.size(); left > 0;) {
    SLUICE_ASSIGN(const PollResult polled, source->poll(batch, held, raw));
    EXPECT_TRUE(polled.split.has_value());
    EXPECT_LE(raw.records.size(), batch);
    for (const RawRecord& record : raw.records)
      result.lines.emplace_back(record.offset, record.value);
    if (!polled.finished) continue;
    held[*polled.split] = true;
    --left;
  }
  result.positions = source->positions();
  SLUICE_TRY(source->close());
  return result;
}

}  // namespace sluice::test
