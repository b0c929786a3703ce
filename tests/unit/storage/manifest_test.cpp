#include "storage/manifest.hpp"

#include <gtest/gtest.h>

#include "base/checksum.hpp"
#include "storage/encoding.hpp"
#include "support/fake_filesystem.hpp"

namespace sluice::test {
namespace {

Manifest sample() {
  Manifest manifest;
  manifest.epoch = Epoch(12);
  manifest.previous = Epoch(10);
  manifest.uid = "0123456789abcdef0123456789abcdef";
  manifest.pipeline_id = "main.trade";
  manifest.plan.states["step/count"] = {{{{"key", "k"}, {"call", "sum(a)"}}, "00ff"}, {"kafka a"}};
  manifest.plan.sinks["out"] = {"step",     "db", "table t", {"k"}, {{{"filter", "a"}}, "01"},
                                {"kafka a"}};
  manifest.plan.starts = {{"kafka a", "latest"}};
  SavedSplit split;
  split.source = "kafka orders";
  split.split = {"orders", 3};
  split.position = {INT64_MAX, -1, UINT64_MAX, false, "lBSKe0S4Qk2-"};
  split.finished = true;
  split.clocks = {{"orders", {INT64_MIN, true}}, {"audit", {5, false}}};
  manifest.progress.splits = {split};
  manifest.progress.issued_watermarks = {{"orders", INT64_MIN}};
  manifest.is_closed = true;
  manifest.state_files = {{"state-8", {100, UINT64_MAX}, SnapshotKind::full},
                          {"state-12", {10, 1}, SnapshotKind::delta}};
  manifest.spools = {{"db", Epoch(10), {Epoch(10), 77}, "spool-10-db", {1, 2}, true},
                     {"db", Epoch(11), {Epoch(12), 0}, "spool-11-db", {3, 4}, false},
                     {"db", Epoch(12), {Epoch(12), 0}, "spool-12-db", {5, 6}, false}};
  manifest.targets = {{"db", {"system", {Epoch(10), 77}, Epoch(9)}}};
  return manifest;
}

TEST(Manifest, KeepsEveryField) {
  FakeFilesystem files;
  const Manifest written = sample();
  const auto seal = write_manifest(files, "MANIFEST-12", written);
  ASSERT_TRUE(seal);
  const auto loaded = read_manifest(files, "MANIFEST-12");
  ASSERT_TRUE(loaded) << loaded.error().to_string();
  EXPECT_EQ(loaded->seal, *seal);
  const Manifest& read = loaded->manifest;
  EXPECT_EQ(read.progress, written.progress);
  EXPECT_EQ(read.plan, written.plan);
  // The document says the rest: equal documents, equal manifests.
  EXPECT_EQ(manifest_to_json(read).value(), manifest_to_json(written).value());
}

TEST(Manifest, OwnChecksumIsFilledInForWhatItDecidedItself) {
  FakeFilesystem files;
  const auto seal = write_manifest(files, "MANIFEST-12", sample());
  ASSERT_TRUE(seal);
  const auto loaded = read_manifest(files, "MANIFEST-12");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->manifest.spools[0].point(), (MarkerPoint{Epoch(10), 77}));
  EXPECT_EQ(loaded->manifest.spools[1].point(), (MarkerPoint{Epoch(11), seal->checksum}));
  EXPECT_EQ(loaded->manifest.spools[2].point(), (MarkerPoint{Epoch(12), seal->checksum}));
}

TEST(Manifest, MissingOrWrongFieldIsCorruptionNamingTheFile) {
  const std::string json = manifest_to_json(sample()).value();
  const std::string fields[] = {"\"uid\"",      "\"epoch\"",   "\"previous\"",   "\"closed\"",
                                "\"spools\"",   "\"targets\"", "\"progress\"",   "\"state_files\"",
                                "\"splits\"",   "\"clocks\"",  "\"seal\"",       "\"kind\"",
                                "\"identity\"", "\"shard\"",   "\"plan\"",       "\"states\"",
                                "\"sinks\"",    "\"lineage\"", "\"facts\"",      "\"place\"",
                                "\"starts\"",   "\"streams\"", "\"fingerprint\""};
  for (const std::string& field : fields) {
    std::string renamed = json;
    const size_t at = renamed.find(field);
    ASSERT_NE(at, std::string::npos) << field;
    renamed[at + 1] = '_';
    const auto read = manifest_from_json(renamed, "state/MANIFEST-12");
    ASSERT_FALSE(read) << field;
    EXPECT_EQ(read.error().code, ErrorCode::state_corrupt) << field;
    EXPECT_NE(read.error().message.find("state/MANIFEST-12"), std::string::npos);
  }
  for (const std::string text : {"", "{", "[]", "null", "{\"epoch\": \"x\"}"}) {
    EXPECT_FALSE(manifest_from_json(text, "f")) << text;
  }
}

// What it leaves out cannot be compared, so that going on could give wrong results.
TEST(Manifest, OlderVersionIsRefusedWithAWayOn) {
  FakeFilesystem files;
  ASSERT_TRUE(write_manifest(files, "MANIFEST-12", sample()));
  const std::string written = files.content("MANIFEST-12");
  std::string older = written.substr(0, 8);
  append_u32(older, 1);
  append_u64(older, checksum(older));
  files.corrupt("MANIFEST-12", older + written.substr(older.size()));
  const auto read = read_manifest(files, "MANIFEST-12");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::state_version);
  EXPECT_EQ(read.error().message, "MANIFEST-12 has format version 1; this sluice reads version 2");
  EXPECT_NE(read.error().advice.find("start afresh"), std::string::npos);
}

TEST(Manifest, NameThatIsNotUtf8IsAnError) {
  Manifest manifest = sample();
  manifest.progress.splits[0].split.stream = "\xff";
  const auto json = manifest_to_json(manifest);
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().code, ErrorCode::invalid_text);
}

}  // namespace
}  // namespace sluice::test
