// What the tests of the connector file share: a folder in memory, options, and reading a source to
// its end. One thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/file/file_connector.hpp"
#include "env/clock.hpp"
#include "support/connector_options.hpp"
#include "support/fake_filesystem.hpp"

namespace sluice::test {

struct FileWorld {
  FakeFilesystem files;
  VirtualClock clock{1'700'000'000'000'000};
  Failpoints failpoints;
  std::unique_ptr<Connector> connector = make_file_connector();

  FileWorld();
  Environment environment() { return {&clock, &files, &failpoints, nullptr}; }
  void write(const std::string& path, const std::string& bytes);
  Result<std::unique_ptr<SourceDescription>> source(const std::string& path) const;
};

using ReadLine = std::pair<int64_t, std::string>;  // offset, text
struct ReadResult {
  std::vector<ReadLine> lines;
  std::vector<SplitPosition> positions;
};
// Polls the splits given until all are finished; at most `batch` records a poll.
Result<ReadResult> read_to_end(FileWorld& world, const std::string& path, size_t batch,
                               std::optional<SplitPosition> from = std::nullopt);

}  // namespace sluice::test
