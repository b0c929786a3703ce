#include "unit/storage/sample_files.hpp"

#include <gtest/gtest.h>

#include "storage/manifest.hpp"
#include "storage/published_note.hpp"
#include "storage/rejects_file.hpp"
#include "storage/spool_file.hpp"
#include "storage/state_file.hpp"
#include "storage/state_folder.hpp"

namespace sluice::test {

namespace {

void write_state(FakeFilesystem& files, const std::string& path) {
  MemoryPool memory(UINT64_MAX);
  StateBuffer buffer(SnapshotKind::full, memory);
  buffer.begin_node("step/count");
  for (int i = 0; i < 5; ++i) buffer.put(1, KeyGroup(7), "key" + std::to_string(i), "value");
  buffer.begin_node("step/window");
  buffer.put(2, KeyGroup(127), "k", "");
  ASSERT_TRUE(buffer.finish());
  auto file = write_state_file(files, path, Epoch(3), {&buffer});
  ASSERT_TRUE(file) << file.error().to_string();
  ASSERT_TRUE(file->writer->sync_and_close());
}

Status read_state(FakeFilesystem& files, const std::string& path) {
  MemoryPool memory(UINT64_MAX);
  return read_merged_state(files, memory, {path},
                           [](std::string_view, const StateEntry&) -> Status { return {}; });
}

void write_spool(FakeFilesystem& files, const std::string& path) {
  auto writer = SpoolWriter::create(
      files, path, {Epoch(3), "db", {{"orders", "table orders", false}, {"dead", "topic", true}}});
  ASSERT_TRUE(writer) << writer.error().to_string();
  ASSERT_TRUE((*writer)->append(0, framed({"first", "", "third"}), 3));
  ASSERT_TRUE((*writer)->append(1, framed({"letter"}), 1));
  ASSERT_TRUE((*writer)->close({Epoch(2), 99}));
}

Status read_spool(FakeFilesystem& files, const std::string& path) {
  SLUICE_ASSIGN(const auto reader, SpoolReader::open(files, path));
  while (true) {
    SLUICE_ASSIGN(const auto operation, reader->next());
    if (!operation) return {};
  }
}

void write_rejects(FakeFilesystem& files, const std::string& path) {
  const Error error{ErrorCode::sink_rejected, "value too long", Retry::never, {}};
  ASSERT_TRUE(replace_rejects(files, path, Epoch(3), {{4, "orders", "bytes", {}, error}}));
}

Status read_all_rejects(FakeFilesystem& files, const std::string& path) {
  SLUICE_TRY(read_rejects(files, path, 0));
  return {};
}

void write_sample_manifest(FakeFilesystem& files, const std::string& path) {
  Manifest manifest;
  manifest.epoch = Epoch(3);
  manifest.uid = "0123";
  manifest.plan.states["a/b"] = {{{{"key", "k"}}, "0f"}, {"s"}};
  manifest.plan.sinks["o"] = {"a", "db", "table t", {"k"}, {}, {"s"}};
  manifest.spools.push_back({"db", Epoch(3), {Epoch(3), 0}, "spool-3-db", {10, 20}, false});
  ASSERT_TRUE(write_manifest(files, path, manifest));
}

Status read_sample_manifest(FakeFilesystem& files, const std::string& path) {
  SLUICE_TRY(read_manifest(files, path));
  return {};
}

void write_note(FakeFilesystem& files, const std::string& path) {
  ASSERT_TRUE(write_published_note(files, path, {{"db", {Epoch(3), 4}}}));
}

Status read_note(FakeFilesystem& files, const std::string& path) {
  SLUICE_TRY(read_published_note(files, path));
  return {};
}

}  // namespace

std::string framed(const std::vector<std::string>& operations) {
  std::string bytes;
  for (const std::string& operation : operations) {
    const size_t size = operation.size();
    for (int byte = 0; byte < 4; ++byte) bytes.push_back(static_cast<char>(size >> (8 * byte)));
    bytes += operation;
  }
  return bytes;
}

std::vector<SampleFile> sample_files() {
  return {{"state", write_state, read_state},
          {"spool", write_spool, read_spool},
          {"rejects", write_rejects, read_all_rejects},
          {"manifest", write_sample_manifest, read_sample_manifest},
          {"published", write_note, read_note}};
}

}  // namespace sluice::test
