#include "fuzz/stored_input.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "unit/storage/sample_files.hpp"

namespace sluice::test {

namespace {

constexpr const char* path = "state/file";

void expect_refusal_or_success(const Status& status) {
  if (status) return;
  const ErrorCode code = status.error().code;
  SLUICE_ASSERT(code == ErrorCode::state_corrupt || code == ErrorCode::state_version,
                "a stored file is refused as corrupt or of another version");
}

Status write_blocks(FakeFilesystem& files, FileKind kind, std::string_view input) {
  SLUICE_ASSIGN(const auto writer, BlockFileWriter::create(files, path, kind));
  while (input.size() >= 3) {
    auto block_kind = static_cast<BlockKind>(input[0]);
    if (block_kind == BlockKind::trailer) block_kind = BlockKind::entries;  // the writer's own
    const size_t wanted = static_cast<uint8_t>(input[1]) | static_cast<uint8_t>(input[2]) << 8;
    input.remove_prefix(3);
    const size_t size = std::min(wanted, input.size());
    SLUICE_TRY(writer->append(block_kind, input.substr(0, size), 1));
    input.remove_prefix(size);
  }
  SLUICE_TRY(writer->finish());
  return writer->sync_and_close();
}

}  // namespace

void read_input(FileKind kind, const std::string& sample, const uint8_t* data, size_t size) {
  static const std::vector<SampleFile> samples = sample_files();
  const auto found = std::find_if(samples.begin(), samples.end(),
                                  [&](const SampleFile& each) { return each.name == sample; });
  SLUICE_ASSERT(found != samples.end(), "a kind of file that has a sample");
  FakeFilesystem files;
  SLUICE_ASSERT(files.create_directories("state").has_value(), "a folder in memory");
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  files.corrupt(path, bytes);
  expect_refusal_or_success(found->read(files, path));
  SLUICE_ASSERT(write_blocks(files, kind, bytes).has_value(), "a file in memory");
  expect_refusal_or_success(found->read(files, path));
}

}  // namespace sluice::test
